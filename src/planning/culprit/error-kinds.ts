import { errorOf } from './error-line.ts';
import { frameOf } from './frame-line.ts';
import { masked } from './masked.ts';

/** Lines of a log that say the same of an error, whatever numbers and names of things stand in them. */
export interface ErrorKind {
  /** The first such line, secrets cut out, short and safe to print. */
  example: string;
  count: number;
}

/** Different kinds that are told apart; a log with more of them is beyond comparing. */
const mostKinds = 500;
const longestKind = 200;

/** Levels of structured logs that mean an error; pino's and bunyan's are numbers from 50 on. */
const levels = new Set([
  'error',
  'err',
  'fatal',
  'critical',
  'crit',
  'panic',
  'severe',
  'emerg',
  'alert',
  'e',
  'f',
]);
const levelWord =
  /(?:^|[\s[(|:])(?:ERROR|FATAL|CRITICAL|PANIC|SEVERE|EMERGENCY|ALERT)(?=$|[\s\]):|,])|\blevel=["']?(?:error|fatal|critical|panic)\b|\[(?:error|fatal|crit|alert|emerg)\]|^(?:error|fatal|panic)\b ?:/u;

/** The kinds of error lines in a log, by what tells them apart; lines of stacks only belong to the line before them. */
export function errorKinds(lines: Iterable<string>): Map<string, ErrorKind> {
  const kinds = new Map<string, ErrorKind>();
  for (const line of lines) {
    const said = errorSaid(line);
    if (said === undefined) continue;
    const kind = kindOf(said);
    const known = kinds.get(kind);
    if (known) known.count += 1;
    else if (kinds.size < mostKinds) kinds.set(kind, { example: masked(said, longestKind), count: 1 });
  }
  return kinds;
}

/** What a line says of an error; undefined where it names none. */
function errorSaid(line: string): string | undefined {
  const text = line.trim();
  if (text === '') return undefined;
  if (text.startsWith('{')) {
    const entry = parsed(text);
    if (entry) return isError(entry) ? messageIn(entry) : undefined;
  }
  if (frameOf(line)) return undefined;
  return levelWord.test(text) || errorOf(text) !== undefined ? text : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isError(entry: Record<string, unknown>): boolean {
  const level = ['level', 'severity', 'lvl', 'levelname', 'log.level']
    .map((key) => (Object.hasOwn(entry, key) ? entry[key] : undefined))
    .find((value) => value !== undefined);
  if (typeof level === 'number') return level >= 50;
  return typeof level === 'string' && levels.has(level.toLowerCase());
}

function messageIn(entry: Record<string, unknown>): string {
  const texts = ['msg', 'message', 'error', 'err', 'exception', 'event'].flatMap((key) => {
    const value = Object.hasOwn(entry, key) ? entry[key] : undefined;
    const inner = isRecord(value) && Object.hasOwn(value, 'message') ? value['message'] : value;
    return typeof inner === 'string' && inner !== '' ? [inner] : [];
  });
  return texts.length > 0 ? texts.join(': ') : 'an error without a message';
}

/** What is left of a line once everything that differs from one time to the next is taken out. */
function kindOf(text: string): string {
  return text
    .slice(0, 600)
    .replace(/"[^"]{0,300}"|'[^']{0,300}'|`[^`]{0,300}`/gu, '…')
    .replace(/\b0x[0-9a-f]{1,32}\b|\b[0-9a-f]{8,64}\b/giu, '#')
    .replace(/\d{1,40}/gu, '#')
    .replace(/\s+/gu, ' ')
    .slice(0, longestKind);
}
