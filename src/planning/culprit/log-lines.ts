/** Longer lines are cut: no frame is that long. */
const longestLine = 2000;
/** A structured line longer than this is not parsed. */
const longestJson = 64 * 1024;

// eslint-disable-next-line no-control-regex -- it is what is taken out
const ansi = /\u001b\[[0-9;:?]{0,20}[A-Za-z]/gu;

/** A log's lines, colours taken out; a line of JSON gives the lines of the texts in it, where stacks hide. */
export function* logLines(text: string): Generator<string> {
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const to = end < 0 ? text.length : end;
    if (text[from] === '{' && to - from <= longestJson) yield* structured(text.slice(from, to));
    else yield plain(text.slice(from, Math.min(to, from + longestLine)));
    from = to + 1;
  }
}

function plain(line: string): string {
  return line.includes('\u001b') ? line.replace(ansi, '').trimEnd() : line.trimEnd();
}

function structured(line: string): string[] {
  const asItIs = [plain(line.slice(0, longestLine))];
  if (!line.includes(String.raw`\n`)) return asItIs;
  try {
    const texts = [...textsIn(JSON.parse(line), 3)];
    return texts.flatMap((text) => text.split('\n').map((one) => plain(one.slice(0, longestLine))));
  } catch {
    return asItIs;
  }
}

function* textsIn(value: unknown, depth: number): Generator<string> {
  if (typeof value === 'string') {
    if (value.includes('\n')) yield value;
  } else if (typeof value === 'object' && value !== null && depth > 0) {
    for (const one of Object.values(value).slice(0, 50)) yield* textsIn(one, depth - 1);
  }
}
