import { isWord, splitCommas, type SqlToken } from './sql-tokens.ts';

/** Walks along a statement's tokens. */
export class NameReader {
  private at = 0;

  constructor(private readonly tokens: readonly SqlToken[]) {}

  is(...words: readonly string[]): boolean {
    return isWord(this.tokens[this.at], ...words);
  }

  /** Takes the keyword if it is next. */
  skip(...words: readonly string[]): boolean {
    if (!this.is(...words)) return false;
    this.at += 1;
    return true;
  }

  skipIfExists(): void {
    if (!this.skip('IF')) return;
    this.skip('NOT');
    this.skip('EXISTS');
  }

  /** Whether the keyword stands anywhere ahead. */
  has(...words: readonly string[]): boolean {
    return this.tokens.slice(this.at).some((token) => isWord(token, ...words));
  }

  done(): boolean {
    return this.at >= this.tokens.length;
  }

  rest(): readonly SqlToken[] {
    return this.tokens.slice(this.at);
  }

  /** A name with its schema, the everyday schemas left out. */
  name(): string | undefined {
    const parts: string[] = [];
    for (;;) {
      const token = this.tokens[this.at];
      if (token?.kind !== 'name') break;
      parts.push(token.text);
      this.at += 1;
      const dot = this.tokens[this.at];
      if (dot?.kind !== 'mark' || dot.text !== '.') break;
      this.at += 1;
    }
    if (parts.length > 1 && /^(?:public|dbo)$/iu.test(parts[0] ?? '')) parts.shift();
    return parts.length === 0 ? undefined : parts.join('.');
  }

  /** What is ahead, without the brackets around it, in the parts its commas make. */
  list(): SqlToken[][] {
    const rest = this.rest();
    return this.bracketed() ? splitCommas(rest.slice(1, closing(rest))) : [[...rest]];
  }

  bracketed(): boolean {
    const next = this.tokens[this.at];
    return next?.kind === 'mark' && next.text === '(';
  }

  /** A type as written: its words up to the first keyword of a constraint, with its arguments. */
  type(): string {
    return typeText(this.rest());
  }
}

const afterType = [
  'NOT',
  'NULL',
  'DEFAULT',
  'USING',
  'COLLATE',
  'PRIMARY',
  'UNIQUE',
  'REFERENCES',
  'CHECK',
  'CONSTRAINT',
  'AFTER',
  'FIRST',
  'COMMENT',
  'GENERATED',
  'AUTO_INCREMENT',
  'AUTOINCREMENT',
  'IDENTITY',
  'ON',
  'CODEC',
  'AS',
  'CHARACTER',
];

/** The type at the beginning of tokens, as written. */
export function typeText(tokens: readonly SqlToken[]): string {
  let text = '';
  let depth = 0;
  let previous = '';
  for (const token of tokens.slice(0, 40)) {
    if (depth === 0 && token.kind === 'name' && isWord(token, ...afterType)) {
      if (!(isWord(token, 'CHARACTER') && text === '')) break;
    }
    if (depth === 0 && token.kind === 'mark' && !'()[].'.includes(token.text)) break;
    if (token.text === '(' || token.text === '[') depth += 1;
    if (token.text === ')' || token.text === ']') depth -= 1;
    if (depth < 0) break;
    const joins = /[([.]$/u.test(previous) || /^[()[\].,]/u.test(token.text) || text === '';
    text += `${joins ? '' : ' '}${token.kind === 'string' ? `'${token.text}'` : token.text}`;
    previous = token.text;
  }
  return text === '' ? 'another type' : text;
}

function closing(tokens: readonly SqlToken[]): number {
  let depth = 0;
  for (const [i, token] of tokens.entries()) {
    if (token.kind !== 'mark') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')' && (depth -= 1) === 0) return i;
  }
  return tokens.length;
}
