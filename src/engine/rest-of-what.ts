import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Source } from '../domain/event.ts';
import type { HistoryRow } from '../domain/memory.ts';
import { whyNoRest } from '../domain/rest.ts';
import { safeText } from '../domain/safe-text.ts';
import { wordOf } from '../domain/what-counts.ts';
import type { RestPorts } from './rest-ports.ts';

interface Failed {
  deployment: Deployment;
  source: Extract<Source, { kind: 'selection' }>;
  /** What a reader should know of how it was found. */
  notes: string[];
}

const noRest = (why: string, hint: string) =>
  new OrchestraError('no-rest', why, { exit: exitCode.usage, hint });

/**
 * The deployment whose rest is meant: the one of that id, else the newest of the environment; for a rollback, the one that
 * it took back. Throws `no-rest` where it went well, failed for a reason outside of its changes, or came without a list of
 * features; `unknown-deployment`, `not-finished` (2).
 */
export async function failedDeployment(
  { memory, journals }: Pick<RestPorts, 'memory' | 'journals'>,
  rows: readonly HistoryRow[],
  { id, environment }: { id?: string; environment?: string },
): Promise<Failed> {
  const row = rows.find((one) => (id === undefined ? one.environment === environment : one.id === id));
  if (!row) throw await unknown(journals, id, environment);
  const others = rows.find((one) => one.environment === row.environment && whyNoRest(one) === undefined);
  const hint =
    others && others.id !== row.id
      ? `the newest that went wrong is ${others.id}: \`orchestrate deploy rest ${others.id}\``
      : '`orchestrate history` shows what went wrong';
  const why = whyNoRest(row);
  if (why !== undefined) throw noRest(why, hint);
  const back = row.kind === 'rollback' ? await takenBackBy(memory, rows, row) : undefined;
  const deployment = back ?? (await memory.record(row.id));
  if (!deployment) throw noRest(`the record of ${row.id} cannot be read`, hint);
  const { source } = deployment;
  if (source.kind === 'version')
    throw noRest(
      `${deployment.id} shipped an existing revision, ${safeText(source.ref, 100)}, which came without a list of features: there is nothing to leave out`,
      hint,
    );
  if (source.features.length < 2)
    throw noRest(`${deployment.id} shipped one feature alone: nothing is left without it`, hint);
  const word = wordOf(deployment);
  const outside = word?.kind === 'nothing' && word.outcome !== 'rolled_back';
  if (outside && !back)
    throw noRest(
      `${deployment.id} says nothing of its changes: ${word.why} (${safeText(word.reason, 200)})`,
      'mend that, then deploy the same again',
    );
  return {
    deployment,
    source,
    notes: [
      ...(back ? [`${row.id} took ${back.id} back, after it had gone well.`] : []),
      ...(word?.kind === 'nothing' && word.outcome === 'rolled_back'
        ? [`${deployment.id} says nothing of its changes: ${word.why}.`]
        : []),
      ...rows
        .filter((one) => one.restOf === deployment.id && one.outcome !== 'succeeded')
        .slice(0, 1)
        .map((one) => `A rest of it was tried before: ${one.id} ended ${one.outcome.replace('_', ' ')}.`),
    ],
  };
}

async function unknown(
  journals: RestPorts['journals'],
  id: string | undefined,
  environment: string | undefined,
) {
  if (id !== undefined && (await journals.current()).includes(id))
    return new OrchestraError('not-finished', `${id} is still under way`, {
      exit: exitCode.usage,
      hint: '`orchestrate status` shows where it stands; what is left of it ships once it has ended',
    });
  return new OrchestraError(
    'unknown-deployment',
    id === undefined
      ? `nothing was deployed to ${environment ?? 'it'} yet`
      : `there is no deployment ${safeText(id, 60)}`,
    { exit: exitCode.usage, hint: '`orchestrate history` lists all' },
  );
}

/** The deployment that brought what a rollback took away: the newest before it whose version is the one it left. */
async function takenBackBy(
  memory: RestPorts['memory'],
  rows: readonly HistoryRow[],
  rollback: HistoryRow,
): Promise<Deployment | undefined> {
  const left = (await memory.record(rollback.id))?.stable;
  const earlier = rows.slice(rows.indexOf(rollback) + 1);
  for (const row of earlier) {
    if (row.environment !== rollback.environment || row.kind !== 'deploy' || row.version !== left?.name)
      continue;
    const record = await memory.record(row.id);
    if (record?.candidate.kind === 'promoted' && record.candidate.version.sha === left?.sha) return record;
  }
  throw noRest(
    `what ${rollback.id} took back is not in the history any more`,
    'choose anew from what waits: `orchestrate discover`',
  );
}
