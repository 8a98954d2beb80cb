import { counted } from '../../domain/counted.ts';
import { candidatePlaces } from '../../domain/places.ts';
import { errorKinds, type ErrorKind } from '../../planning/culprit/error-kinds.ts';
import { logLines } from '../../planning/culprit/log-lines.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout, type RolledOut } from './rolled-out.ts';

/** The end of each log that is read, in bytes. */
const logBytes = 1024 * 1024;
/** Kinds that are named; the others are counted. */
const named = 3;

/** The candidate's log shows no kind of error that stable's does not show too (REQUIREMENTS G3). */
export const logErrors = afterRollout(
  { id: 'log_errors', title: 'no new errors in its log' },
  async (context) => {
    const { deployment, version } = context;
    const own = await kindsOf(context, version.sha);
    if (!own) return skipped('this platform keeps no log that can be read');
    if (own.size === 0) return passed('no line of its log names an error');
    if (!deployment.stable) return skipped('nothing ran before that its log could be compared with');
    const before = await kindsOf(context, deployment.stable.sha);
    if (!before) return skipped('stable’s log cannot be read any more');
    const fresh = [...own].filter(([kind]) => !before.has(kind)).map(([, found]) => found);
    if (fresh.length === 0)
      return passed(`${counted(own.size, 'kind')} of errors in its log, all of them in stable’s too`);
    const worst = fresh.toSorted((a, b) => b.count - a.count);
    const more = worst.length > named ? `; and ${worst.length - named} more` : '';
    return failed(
      `${counted(fresh.length, 'kind')} of errors that stable’s log does not show: ${worst
        .slice(0, named)
        .map(({ example, count }) => `${count}× ${example.slice(0, 120)}`)
        .join('; ')}${more}`,
      'read the candidate’s log around these lines before it is relied on',
    );
  },
);

/** The kinds of errors in a version's logs of all places; undefined where no log can be read. */
async function kindsOf(
  { deployment, running: { platform } }: RolledOut,
  sha: string,
): Promise<Map<string, ErrorKind> | undefined> {
  const read = await Promise.all(
    candidatePlaces(deployment.plan).map(async ({ key }) => platform.logs?.(key, sha, logBytes)),
  );
  const logs = read.flatMap((one) => one ?? []);
  if (logs.length === 0) return undefined;
  return errorKinds(linesOf(logs.map(({ text }) => text)));
}

function* linesOf(texts: readonly string[]): Generator<string> {
  for (const text of texts) yield* logLines(text);
}
