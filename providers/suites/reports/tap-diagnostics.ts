import type { ReportedTest } from './report-format.ts';

/** What TAP's diagnostics say of a test. */
interface Diagnostics extends Pick<ReportedTest, 'message' | 'place' | 'trace' | 'durationMs'> {
  type?: string | undefined;
}

function plain(value: string): string {
  if (/^'.*'$/.test(value)) return value.slice(1, -1).replaceAll("''", "'");
  if (!/^".*"$/.test(value)) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value.slice(1, -1);
  }
}

/** The values of the keys at the outermost level; a key's block, folded or nested, as its lines. */
function topLevel(lines: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  for (let i = 0; i < lines.length; i += 1) {
    const match = /^([A-Za-z_]\w{0,30}):(?: (.*))?$/.exec(lines[i] ?? '');
    if (!match?.[1]) continue;
    const value = (match[2] ?? '').trim();
    if (value !== '' && !/^[|>][+-]?\d?$/.test(value)) {
      values.set(match[1], plain(value));
      continue;
    }
    const block: string[] = [];
    while (i + 1 < lines.length && /^(?:\s|$)/.test(lines[i + 1] ?? ''))
      block.push((lines[++i] ?? '').trim());
    values.set(match[1], block.join('\n').trim());
  }
  return values;
}

/**
 * Reads what stands between `---` and `...`; else what was printed below a failure. A few keys, by their lines: what is
 * written there is not always YAML that a parser takes.
 */
export function diagnosticsOf(text: string, printed: string): Diagnostics {
  if (text === '') return printed === '' ? {} : { message: printed, trace: printed };
  const values = topLevel(text.split('\n'));
  const duration = values.get('duration_ms');
  const at = values.get('at') ?? '';
  const file = /^fileName: *(.+)$/m.exec(at)?.[1];
  const line = /^lineNumber: *(\d{1,9})$/m.exec(at)?.[1];
  return {
    message: values.get('error') ?? values.get('message'),
    durationMs: duration === undefined ? undefined : Number(duration),
    type: values.get('type'),
    place: file === undefined ? values.get('location') : `${plain(file)}${line ? `:${line}` : ''}`,
    trace: values.get('stack') ?? at,
  };
}
