/** A token of SQL: `name` is a word or a quoted identifier, `string` a literal's value, `mark` anything else. */
export interface SqlToken {
  kind: 'name' | 'string' | 'mark';
  text: string;
  /** An identifier in quotes is never a keyword. */
  quoted: boolean;
  /** Nothing but space stands before it on its line. */
  first: boolean;
}

const word = /[\p{L}_@#:][\p{L}\p{N}_$@#]*|\d[\w.]*/uy;
const dollar = /\$(?:[A-Za-z_]\w{0,60})?\$/uy;
const closers: Readonly<Record<string, string>> = { '"': '"', '`': '`', '[': ']' };

/**
 * The tokens of a SQL text of any dialect; comments are left out. Linear in the text, and it never throws: what is not
 * closed ends with the text.
 */
export function sqlTokens(text: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let at = 0;
  let first = true;
  const push = (kind: SqlToken['kind'], value: string, quoted = false) => {
    tokens.push({ kind, text: value, quoted, first });
    first = false;
  };
  const skipTo = (end: number, length: number) => {
    at = end < 0 ? text.length : end + length;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\n') {
      first = true;
      at += 1;
    } else if (/\s/u.test(char)) at += 1;
    else if (text.startsWith('--', at) || (char === '#' && first)) skipTo(text.indexOf('\n', at), 0);
    else if (text.startsWith('/*', at)) skipTo(text.indexOf('*/', at + 2), 2);
    else if (char === "'") {
      const end = closeOfString(text, at);
      push('string', text.slice(at + 1, end).replaceAll("''", "'"));
      at = end + 1;
    } else if (char === '"' || char === '`' || (char === '[' && /[\p{L}_]/u.test(text.charAt(at + 1)))) {
      const end = text.indexOf(closers[char] ?? char, at + 1);
      push('name', text.slice(at + 1, end < 0 ? text.length : end), true);
      skipTo(end, 1);
    } else if (char === '$' && matchAt(dollar, text, at) !== undefined) {
      const tag = matchAt(dollar, text, at) ?? '$$';
      const end = text.indexOf(tag, at + tag.length);
      push('string', text.slice(at + tag.length, end < 0 ? text.length : end));
      skipTo(end, tag.length);
    } else {
      const found = matchAt(word, text, at) ?? char;
      push(found.length > 1 || /[\p{L}\p{N}_]/u.test(found) ? 'name' : 'mark', found);
      at += found.length;
    }
  }
  return tokens;
}

/** Where the string that opens at `at` closes. `''` stays inside, and so does `\'` where the string goes on behind it. */
function closeOfString(text: string, at: number): number {
  let end = at;
  for (;;) {
    end = text.indexOf("'", end + 1);
    if (end < 0) return text.length;
    if (text.charAt(end + 1) === "'") end += 1;
    else if (text.charAt(end - 1) !== '\\' || /[\s,);]/u.test(text.charAt(end + 1) || ';')) return end;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Whether the token is this keyword. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'name' && !token.quoted && words.includes(token.text.toUpperCase());
}

/** The statements of a script: at each `;`, and at SQL Server's `GO`; the body of a routine stays one. */
export function sqlStatements(tokens: readonly SqlToken[]): SqlToken[][] {
  const statements: SqlToken[][] = [];
  let current: SqlToken[] = [];
  let open = 0;
  const end = () => {
    if (current.length > 0) statements.push(current);
    current = [];
    open = 0;
  };
  for (const [i, token] of tokens.entries()) {
    if (token.kind === 'mark' && token.text === ';' && open <= 0) end();
    else if (token.first && isWord(token, 'GO') && (tokens[i + 1]?.first ?? true)) end();
    else {
      current.push(token);
      if (!isRoutine(current)) continue;
      if (isWord(token, 'BEGIN', 'CASE') && !isWord(tokens[i - 1], 'END')) open += 1;
      else if (isWord(token, 'END') && !isWord(tokens[i + 1], 'IF', 'LOOP', 'WHILE', 'REPEAT')) open -= 1;
    }
  }
  end();
  return statements;
}

function isRoutine(statement: readonly SqlToken[]): boolean {
  return (
    isWord(statement[0], 'CREATE', 'ALTER') &&
    statement.slice(1, 8).some((token) => isWord(token, 'FUNCTION', 'PROCEDURE', 'PROC', 'TRIGGER', 'EVENT'))
  );
}

/** Parts between commas outside brackets. */
export function splitCommas(tokens: readonly SqlToken[]): SqlToken[][] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'mark' && '(['.includes(token.text)) depth += 1;
    else if (token.kind === 'mark' && ')]'.includes(token.text)) depth -= 1;
    if (depth === 0 && token.kind === 'mark' && token.text === ',') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
