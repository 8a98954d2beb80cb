import type { Version } from './event.ts';

/** Whose number is asked for, and on whose behalf: what the placeholders of a query stand for. */
export interface MeasureContext {
  deployment: string;
  environment: string;
  service: string;
  side: 'candidate' | 'stable';
  version: Version;
  /** How far back the query looks. */
  windowMs: number;
}

/** What may stand between `{{` and `}}` in `orchestra.yaml`. */
export const placeholders = [
  'sha',
  'version',
  'environment',
  'service',
  'side',
  'deployment',
  'window',
] as const;
type Placeholder = (typeof placeholders)[number];

const pattern = /\{\{ ?([a-z_]{1,30}) ?\}\}/gu;

function isPlaceholder(name: string): name is Placeholder {
  return placeholders.some((known) => known === name);
}

function valueOf(name: Placeholder, context: MeasureContext): string {
  switch (name) {
    case 'sha':
      return context.version.sha;
    case 'version':
      return context.version.name;
    case 'window':
      return `${Math.max(1, Math.round(context.windowMs))}ms`;
    case 'environment':
    case 'service':
    case 'side':
    case 'deployment':
      return context[name];
    default:
      return name satisfies never;
  }
}

interface Found {
  name: Placeholder;
  start: number;
  end: number;
}

function placeholdersIn(text: string): Found[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, name = ''] = match;
    return isPlaceholder(name) ? [{ name, start: match.index, end: match.index + whole.length }] : [];
  });
}

function replaced(text: string, fill: (found: Found) => string): string {
  let filled = '';
  let from = 0;
  for (const found of placeholdersIn(text)) {
    filled += text.slice(from, found.start) + fill(found);
    from = found.end;
  }
  return filled + text.slice(from);
}

/** What is wrong with the placeholders of any text, as what was expected; undefined when nothing is. */
export function placeholderProblem(text: string): string | undefined {
  const rest = replaced(text, () => '');
  return rest.includes('{{') || rest.includes('}}')
    ? `placeholders out of ${placeholders.map((name) => `{{${name}}}`).join(', ')}`
    : undefined;
}

/** Where a PromQL string literal begins and ends (its quotes not counted), its quote, and whether it is a regular expression. */
interface Literal {
  start: number;
  end: number;
  quote: string;
  matches: boolean;
}

/** The string literals of a PromQL expression, comments left out, in one pass. An open one ends with the text. */
function literalsOf(query: string): Literal[] {
  const literals: Literal[] = [];
  for (let i = 0; i < query.length; i += 1) {
    const character = query[i] ?? '';
    if (character === '#') {
      const end = query.indexOf('\n', i);
      i = end < 0 ? query.length : end;
    } else if (character === '"' || character === "'" || character === '`') {
      const start = i + 1;
      const before = query.slice(Math.max(0, i - 20), i).trimEnd();
      for (i = start; i < query.length && query[i] !== character; i += 1)
        if (query[i] === '\\' && character !== '`') i += 1;
      literals.push({ start, end: i, quote: character, matches: /[=!]~$/u.test(before) });
    }
  }
  return literals;
}

const literalAround = (literals: readonly Literal[], { start, end }: Found) =>
  literals.find((literal) => literal.start <= start && end <= literal.end);

/** What is wrong with a PromQL query's placeholders, as what was expected. All but `{{window}}` stand in quoted label values. */
export function queryProblem(query: string): string | undefined {
  const literals = literalsOf(query);
  for (const found of placeholdersIn(query)) {
    const { quote } = literalAround(literals, found) ?? {};
    if (found.name !== 'window' && quote !== '"' && quote !== "'")
      return `{{${found.name}}} inside a label value in double quotes`;
  }
  return placeholderProblem(query);
}

/** A PromQL query with its placeholders filled in: none can end the label value it stands in, or match more than itself. */
export function fillQuery(query: string, context: MeasureContext): string {
  const literals = literalsOf(query);
  return replaced(query, (found) => {
    const value = valueOf(found.name, context);
    const literal = literalAround(literals, found);
    if (!literal) return value;
    return inLiteral(literal.matches ? quoteExpression(value) : value, literal.quote);
  });
}

/** A text that a regular expression (RE2, as Prometheus has it) takes literally. */
function quoteExpression(text: string): string {
  return text.replaceAll(/[\\^$.|?*+()[\]{}]/gu, String.raw`\$&`);
}

function inLiteral(text: string, quote: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll(quote, `\\${quote}`)
    .replaceAll(/\p{Cc}/gu, (c) => String.raw`\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`);
}

/** What is wrong with an address, as what was expected. Placeholders may only stand behind the host; nobody's password may. */
export function urlProblem(template: string): string | undefined {
  const expected = 'an address that begins with http:// or https://';
  let url: URL;
  let other: URL;
  try {
    url = new URL(replaced(template, () => 'a'));
    other = new URL(replaced(template, () => 'b'));
  } catch {
    return expected;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return expected;
  if (url.username !== '' || url.password !== '')
    return 'no name or password in the address: name a variable in token_env';
  if (url.origin !== other.origin) return 'placeholders only behind the host';
  return placeholderProblem(template);
}

/** An address with its placeholders filled in, percent-encoded. Throws `TypeError` for a value that would walk its path. */
export function fillUrl(template: string, context: MeasureContext): string {
  return replaced(template, ({ name }) => {
    const value = valueOf(name, context);
    if (value === '.' || value === '..') throw new TypeError(`{{${name}}} is ${value}`);
    return encodeURIComponent(value);
  });
}

/** What is wrong with a command's arguments, as what was expected. A placeholder is a whole argument, or ends `--name=`. */
export function argvProblem(argv: readonly string[]): string | undefined {
  for (const [i, argument] of argv.entries()) {
    const found = placeholdersIn(argument);
    if (i === 0 && found.length > 0) return 'a program without placeholders in its name';
    const before = argument.slice(0, found[0]?.start);
    const whole = found.length === 1 && found[0]?.end === argument.length;
    if (found.length > 0 && !(whole && /^(?:--?[\w-]{1,100}=)?$/u.test(before)))
      return 'placeholders that are a whole argument, or all that follows --name=; the rest is in the variables ORCHESTRA_…';
    const problem = placeholderProblem(argument);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A command's arguments with their placeholders filled in. Throws `TypeError` for one that would pass for an option. */
export function fillArgv(
  argv: readonly [string, ...string[]],
  context: MeasureContext,
): [string, ...string[]] {
  const [program, ...rest] = argv;
  const filled = rest.map((argument) =>
    replaced(argument, ({ name, start }) => {
      const value = valueOf(name, context);
      if (start === 0 && value.startsWith('-')) throw new TypeError(`{{${name}}} begins with -`);
      return value;
    }),
  );
  return [program, ...filled];
}
