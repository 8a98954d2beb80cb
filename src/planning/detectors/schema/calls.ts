import { codeTokens, type CodeToken } from './code-tokens.ts';

/** A call in a migration, whatever the language: `remove_column :users, :email`, `table.dropColumn('email')`. */
export interface Call {
  name: string;
  /** The name before the dot: `op` of `op.drop_column`; empty without one. */
  receiver: string;
  /** Positional arguments: a string's value, or the source text of anything else. */
  values: string[];
  /** Every string in its arguments, at any depth. */
  strings: string[];
  /** `null: false`, `nullable=False`, `'type' => 'x'`: a value's source text, by the name in front of it. */
  named: ReadonlyMap<string, string>;
  line: number;
  indent: number;
}

const openers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const notCalls = new Set([
  'if',
  'unless',
  'while',
  'for',
  'switch',
  'catch',
  'return',
  'def',
  'function',
  'class',
  'do',
  'end',
  'new',
  'module',
  'import',
  'from',
  'require',
  'case',
  'when',
  'elsif',
  'and',
  'or',
  'not',
  'in',
  'use',
  'await',
  'async',
  'const',
  'let',
  'var',
]);

/** Arguments, and bytes of their text, that are looked at of one call. */
const mostTokens = 1000;
/** Calls of one program; a migration has dozens. */
const mostCalls = 5000;

/** All calls of a program, in order, those inside others' arguments too. */
export function callsOf(text: string, language: 'ruby' | 'python' | 'other'): Call[] {
  const tokens = codeTokens(text, language !== 'other');
  const closings = matchBrackets(tokens);
  const calls: Call[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'word' || notCalls.has(token.text)) continue;
    if (calls.length >= mostCalls) break;
    const next = tokens[i + 1];
    let args: readonly CodeToken[] | undefined;
    if (isMark(next, '('))
      args = tokens.slice(i + 2, Math.min(closings.get(i + 1) ?? tokens.length, i + mostTokens));
    else if (
      language === 'ruby' &&
      next?.line === token.line &&
      startsStatement(tokens, i) &&
      startsArgument(next)
    )
      args = commandArguments(tokens, i + 1);
    if (!args) continue;
    const dotted = isMark(tokens[i - 1], '.') || isMark(tokens[i - 1], '>') || isMark(tokens[i - 1], ':');
    const before = tokens[isMark(tokens[i - 1], '>') ? i - 3 : i - 2];
    calls.push({
      name: token.text,
      receiver: dotted && before?.kind === 'word' ? before.text : '',
      ...readArguments(args),
      line: token.line,
      indent: token.indent,
    });
  }
  return calls;
}

function isMark(token: CodeToken | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}

function matchBrackets(tokens: readonly CodeToken[]): Map<number, number> {
  const closings = new Map<number, number>();
  const open: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    if (token.text in openers) open.push(i);
    else if (token.text === ')' || token.text === ']' || token.text === '}') {
      const from = open.pop();
      if (from !== undefined) closings.set(from, i);
    }
  }
  return closings;
}

/** Ruby's calls without brackets stand at the beginning of a statement, or behind a dot that does. */
function startsStatement(tokens: readonly CodeToken[], i: number): boolean {
  const before = tokens[i - 1];
  const token = tokens[i];
  if (!before || before.line !== token?.line) return true;
  if (isMark(before, '.')) return true;
  return (
    isMark(before, '{') ||
    isMark(before, '|') ||
    isMark(before, ';') ||
    before.text === 'do' ||
    before.text === '->'
  );
}

function startsArgument(token: CodeToken): boolean {
  return token.kind !== 'mark' || token.text === '[' || token.text === '{';
}

function commandArguments(tokens: readonly CodeToken[], from: number): CodeToken[] {
  const args: CodeToken[] = [];
  let depth = 0;
  for (let i = from; i < Math.min(tokens.length, from + mostTokens); i += 1) {
    const token = tokens[i];
    if (!token) break;
    const previous = args.at(-1);
    if (depth === 0 && previous && token.line !== previous.line && !isMark(previous, ',')) break;
    if (depth === 0 && token.kind === 'word' && ['do', 'if', 'unless'].includes(token.text)) break;
    if (token.kind === 'mark' && token.text in openers) depth += 1;
    else if (token.kind === 'mark' && ')]}'.includes(token.text) && (depth -= 1) < 0) break;
    args.push(token);
  }
  return args;
}

function readArguments(tokens: readonly CodeToken[]): Pick<Call, 'values' | 'strings' | 'named'> {
  const values: string[] = [];
  const named = new Map<string, string>();
  let depth = 0;
  let part: CodeToken[] = [];
  const end = () => {
    const name = part[0];
    const [second, third] = [part[1], part[2]];
    const arrow = isMark(second, '=') && isMark(third, '>');
    if (name && part.length > 2 && name.kind !== 'mark' && (isMark(second, ':') || isMark(second, '=')))
      named.set(name.text, source(part.slice(arrow ? 3 : 2)));
    else if (part.length > 0) values.push(source(part));
    part = [];
  };
  for (const token of tokens) {
    if (token.kind === 'mark' && token.text in openers) depth += 1;
    else if (token.kind === 'mark' && ')]}'.includes(token.text)) depth -= 1;
    if (depth === 0 && isMark(token, ',')) end();
    else part.push(token);
  }
  end();
  return { values, named, strings: tokens.filter(({ kind }) => kind === 'string').map(({ text }) => text) };
}

function source(tokens: readonly CodeToken[]): string {
  const [only] = tokens;
  if (only && tokens.length === 1) return only.text;
  return tokens
    .slice(0, 60)
    .map((token) => (token.kind === 'string' ? `'${token.text}'` : token.text))
    .join('');
}

/** Calls that a block's calls may be away from its head. */
const farthest = 500;

/** The call, among those that open a table's block, in whose block `call` stands: by its line and how deep it is indented. */
export function enclosing(
  calls: readonly Call[],
  index: number,
  opens: (call: Call) => boolean,
): Call | undefined {
  const inner = calls[index];
  for (let i = index - 1; inner && i >= Math.max(0, index - farthest); i -= 1) {
    const outer = calls[i];
    if (outer && opens(outer) && (outer.line === inner.line || outer.indent < inner.indent)) return outer;
  }
  return undefined;
}
