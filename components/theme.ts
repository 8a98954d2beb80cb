/** Meanings that a colour underlines; the words and marks beside it say the same. */
export type Tone = 'plain' | 'quiet' | 'accent' | 'ok' | 'warn' | 'bad';

const colours: Readonly<Record<Tone, string | undefined>> = {
  plain: undefined,
  quiet: 'gray',
  accent: 'cyan',
  ok: 'green',
  warn: 'yellow',
  bad: 'red',
};

/** The terminal colour of a tone. */
export function colourOf(tone: Tone | undefined): string | undefined {
  return tone ? colours[tone] : undefined;
}

/** A piece of a line in one style. Its text must be safe to draw already. */
export interface Span {
  text: string;
  tone?: Tone;
  bold?: boolean;
}

export type Line = readonly Span[];

/** A span; the shortest way to write a line. */
export function span(text: string, tone?: Tone, bold?: boolean): Span {
  return { text, ...(tone ? { tone } : {}), ...(bold ? { bold } : {}) };
}

export const blank: Line = [];
