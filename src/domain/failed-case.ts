import { caseName } from './case-name.ts';
import { safeText } from './safe-text.ts';
import { isFailureLine } from './failure-line.ts';
import { placeIn } from './place-in.ts';
import type { FailedCase } from './suite-result.ts';

/** How far below its name a test's message and place are looked for, lines. */
const near = 25;

/** A title over the failures, which itself is none: node's `✖ failing tests:`. */
const isTitle = /^(?:failing|failed) tests?\b.{0,20}$/i;

/** A line that says what went wrong: an error by its name, an assertion, the `error:` of TAP, pytest's `E`. */
const says =
  /^(?:[A-Za-z_$][\w$.]{0,60}(?:Error|Exception|Failure)\b[^:]{0,80}:|AssertionError\b|error:|Error:|panic:|E {2,}|→ |Expected\b|expected\b)/;

function messageIn(line: string): string | undefined {
  const text = line.trim();
  if (!says.test(text)) return undefined;
  const told = text.replace(/^(?:error:|E {2,}|→ )\s*/, '').replace(/^['"](.*)['"]$/, '$1');
  return told === '' || /^[|>]-?$/.test(told) ? undefined : safeText(told, 300);
}

/**
 * The first `max` tests that an output says have failed, each once, with what it says of them; `root` is the folder the
 * suite ran in. Best effort, like the lines it goes by: it points at the place in the log, it decides nothing.
 */
export function failedCases(lines: readonly string[], max: number, root = ''): FailedCase[] {
  const found = new Map<string, FailedCase>();
  for (const [i, line] of lines.entries()) {
    if (!isFailureLine(line)) continue;
    const name = caseName(line);
    if (isTitle.test(name)) continue;
    const known = found.get(name);
    if (known?.message !== undefined && known.place !== undefined) continue;
    if (!known && found.size >= max) continue;
    let message: string | undefined;
    let where = placeIn(line, root);
    for (const below of lines.slice(i + 1, i + 1 + near)) {
      if (isFailureLine(below)) break;
      message ??= messageIn(below);
      where ??= placeIn(below, root);
      if (message !== undefined && where !== undefined) break;
    }
    message = known?.message ?? message;
    where = known?.place ?? where;
    found.set(name, {
      line: known?.line ?? safeText(line.trim(), 500),
      name,
      ...(message !== undefined && { message }),
      ...(where !== undefined && { place: where }),
    });
  }
  return [...found.values()];
}
