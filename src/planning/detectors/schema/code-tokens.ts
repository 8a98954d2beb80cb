/** A token of a program in any of the languages migrations are written in. */
export interface CodeToken {
  kind: 'word' | 'string' | 'mark';
  text: string;
  line: number;
  /** Spaces before the first token of its line. */
  indent: number;
}

const word = /[\p{L}_$][\p{L}\p{N}_$]*[?!]?|\d[\w.]*/uy;
const symbol = /:[\p{L}_][\p{L}\p{N}_]*[?!]?/uy;
const heredoc = /<<[~-]?["'`]?([A-Z_][A-Z0-9_]{0,50})["'`]?/uy;

/**
 * Tokens of a migration: words, strings (symbols and heredocs too) and marks, comments left out. It knows the strings and
 * comments of Ruby, Python, JavaScript, PHP, C#, Java, Go and Elixir well enough not to take one for the other; linear, and
 * it never throws.
 */
export function codeTokens(text: string, hashComments: boolean): CodeToken[] {
  const tokens: CodeToken[] = [];
  let at = 0;
  let line = 1;
  let indent = 0;
  let fresh = true;
  const push = (kind: CodeToken['kind'], value: string, length: number) => {
    tokens.push({ kind, text: value, line, indent });
    line += count(text, at, at + length);
    at += length;
    fresh = false;
  };
  const skip = (end: number) => {
    const to = end < 0 ? text.length : end;
    line += count(text, at, to);
    at = to;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === '\n') {
      at += 1;
      line += 1;
      indent = 0;
      fresh = true;
    } else if (/\s/u.test(char)) {
      if (fresh) indent += char === '\t' ? 4 : 1;
      at += 1;
    } else if (char === '#' && (hashComments || /[\s#]/u.test(text.charAt(at + 1))))
      skip(text.indexOf('\n', at));
    else if (!hashComments && text.startsWith('//', at)) skip(text.indexOf('\n', at));
    else if (!hashComments && text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      skip(end < 0 ? -1 : end + 2);
    } else if (text.startsWith('"""', at) || text.startsWith("'''", at)) {
      const end = text.indexOf(text.slice(at, at + 3), at + 3);
      push('string', text.slice(at + 3, end < 0 ? text.length : end), (end < 0 ? text.length : end + 3) - at);
    } else if (char === '"' || char === "'" || char === '`') {
      const end = closeOf(text, at, char);
      push('string', text.slice(at + 1, end).replaceAll(/\\(["'`\\])/gu, '$1'), end + 1 - at);
    } else if (char === '<' && matchAt(heredoc, text, at)) {
      const open = matchAt(heredoc, text, at);
      const from = text.indexOf('\n', at);
      const end = from < 0 ? -1 : text.slice(from).search(new RegExp(`^[ \\t]*${open?.[1] ?? ''}\\b`, 'mu'));
      const [start, stop] = [from < 0 ? text.length : from, end < 0 ? text.length : from + end];
      push('string', text.slice(start, stop), stop - at + (end < 0 ? 0 : (open?.[1] ?? '').length));
    } else if (hashComments && char === ':' && text.charAt(at - 1) !== ':' && matchAt(symbol, text, at)) {
      const found = matchAt(symbol, text, at)?.[0] ?? char;
      push('string', found.slice(1), found.length);
    } else {
      const found = matchAt(word, text, at)?.[0];
      push(found === undefined ? 'mark' : 'word', found ?? char, (found ?? char).length);
    }
  }
  return tokens;
}

function closeOf(text: string, at: number, quote: string): number {
  for (let end = at + 1; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (char === '\\') end += 1;
    else if (char === quote || (char === '\n' && quote === "'")) return end;
  }
  return text.length;
}

function count(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (text.charAt(at) === '\n') lines += 1;
  return lines;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
