import { placeIn } from '../../../src/domain/place-in.ts';
import { safeText } from '../../../src/domain/safe-text.ts';
import type { TestCase } from '../../../src/domain/test-case.ts';
import type { ReportedTest } from './report-format.ts';

/** Characters of a name or a group, and of what a test says of its failure. */
const longestName = 300;
const longestMessage = 2000;
/** Lines of a trace that are looked through for a place in the project. */
const tracedLines = 60;
/** A test that ran longer is a mistake of its report, in milliseconds: eleven days. */
const longestMs = 1e9;

function withoutRoot(path: string, root: string): string {
  const plain = path.startsWith('file://') ? path.slice('file://'.length) : path;
  return plain.startsWith(root) && plain[root.length] === '/' ? plain.slice(root.length + 1) : plain;
}

const fileOf = (place: string) => place.replace(/(?::\d+){1,2}$/, '');
const baseOf = (path: string) => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');

/**
 * Where a test failed: the first place of its trace in its own file, or in one that bears its class's name; else the
 * place that the report gives; else the first of the trace.
 */
function placeOf({ place, trace, group }: ReportedTest, root: string): string | undefined {
  const given = place === undefined ? undefined : withoutRoot(place, root);
  const traced: string[] = [];
  for (const line of (trace ?? '').split('\n', tracedLines)) {
    const found = placeIn(line, root);
    if (found !== undefined) traced.push(found.replace(/^\.\//, ''));
  }
  const own = group === undefined ? '' : baseOf(group.replaceAll('.', '/'));
  const best =
    traced.find((one) => given !== undefined && fileOf(one) === fileOf(given)) ??
    traced.find((one) => own !== '' && baseOf(fileOf(one)) === own) ??
    given ??
    traced[0];
  return best === undefined ? undefined : best.replace(/(:\d+):\d+$/, '$1');
}

/** What is said first; a message that only repeats a trace is cut where the trace begins. */
function messageOf(message: string): string {
  const lines = message.split('\n').map((line) => line.trim());
  const trace = lines.findIndex((line, i) => i > 0 && /^at \S/.test(line));
  return (trace > 0 ? lines.slice(0, trace) : lines).filter((line) => line !== '').join('\n');
}

/** A reported test as it is kept: every text safe to print and of a length that can be shown; `root` is the folder the suite ran in. */
export function testCaseOf(reported: ReportedTest, root: string): TestCase {
  const { status, group, durationMs } = reported;
  const name = safeText(reported.name, longestName);
  const test: TestCase = { name: name === '' ? '(no name)' : name, status };
  if (group !== undefined && group !== '') test.group = safeText(withoutRoot(group, root), longestName);
  if (durationMs !== undefined && durationMs >= 0 && durationMs <= longestMs)
    test.durationMs = Math.round(durationMs * 1000) / 1000;
  const message = reported.message ? safeText(messageOf(reported.message), longestMessage) : '';
  if (message !== '') test.message = message;
  const place = status === 'failed' ? placeOf(reported, root) : undefined;
  if (place !== undefined && place !== '') test.place = safeText(place, longestName);
  return test;
}
