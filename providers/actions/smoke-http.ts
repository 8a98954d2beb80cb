import { runningMs } from '../../src/ports/clock.ts';
import type { HttpExpectation } from '../../src/domain/action.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { valueAtPath } from '../../src/domain/json-path.ts';
import type { Doing, Finding } from './actions.ts';
import { type Answer, exchange } from './exchange.ts';

/** What of an answer is shown in a reason, in characters. */
const shownBody = 120;

/** Asks the version and compares the answer with what is expected; the first difference is the reason. */
export async function askHttp(test: HttpExpectation, timeoutMs: number, doing: Doing): Promise<Finding> {
  const { context, secrets, clock } = doing;
  const headers: Record<string, string> = {};
  for (const [name, written] of Object.entries(test.headers)) headers[name] = secrets.fill(written, {});
  const asked = `${test.method} ${test.path}`;
  const begun = runningMs(clock);
  const body = test.body === undefined ? undefined : secrets.fill(test.body, {});
  // The path is put behind the address as text: resolved, `//elsewhere` would be another host.
  const url = new URL(context.url + test.path);
  const answer = await exchange({ url, method: test.method, headers, body, timeoutMs }, doing.signal).catch(
    (error: unknown) => {
      throw new Error(`${asked}: ${error instanceof Error ? error.message : 'it failed'}`, { cause: error });
    },
  );
  // Cut before anything is shortened: a part of a secret is as bad.
  const difference = differs(test, answer, (text) => shortened(secrets.cutFrom(text)));
  if (difference) return { passed: false, detail: asked, ...difference };
  const took = formatDuration(Math.round(runningMs(clock) - begun));
  return { passed: true, detail: `${asked} answered ${answer.status} as expected, after ${took}` };
}

function differs(
  test: HttpExpectation,
  answer: Answer,
  shown: (text: string) => string,
): { expected: string; actual: string } | undefined {
  const { status, headers, body } = answer;
  const inTwoHundreds = status >= 200 && status < 300;
  if (test.status === undefined ? !inTwoHundreds : status !== test.status)
    return {
      expected: test.status === undefined ? 'a 2xx status' : `status ${test.status}`,
      actual: String(status),
    };
  for (const [name, wanted] of Object.entries(test.expectHeaders)) {
    const value = headers[name.toLowerCase()];
    const actual = Array.isArray(value) ? value.join(', ') : value;
    if (!actual?.toLowerCase().includes(wanted.toLowerCase()))
      return {
        expected: `the header ${name} with ${JSON.stringify(wanted)}`,
        actual: actual ?? 'no such header',
      };
  }
  if (test.contains !== undefined && !body.includes(test.contains))
    return { expected: `an answer that contains ${JSON.stringify(test.contains)}`, actual: shown(body) };
  const wanted = Object.entries(test.json);
  if (wanted.length === 0) return undefined;
  const parsed = parse(body);
  if (!parsed) return { expected: 'JSON', actual: shown(body) };
  for (const [path, value] of wanted) {
    const actual = valueAtPath(parsed.json, path);
    if (actual !== value)
      return {
        expected: `${path} = ${JSON.stringify(value)}`,
        actual: actual === undefined ? 'nothing there' : shown(JSON.stringify(actual)),
      };
  }
  return undefined;
}

function parse(text: string): { json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  const said = text.trim();
  if (said === '') return 'an empty answer';
  return said.length > shownBody ? `${said.slice(0, shownBody)}…` : said;
}
