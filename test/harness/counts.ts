import { appendFileSync, readFileSync } from 'node:fs';

/** What a lane counted, by name: whole numbers, shares, or words such as `0 of 10,000`. */
export type Figures = Readonly<Record<string, number | string>>;

interface Counted {
  name: string;
  figures: Figures;
}

/**
 * Keeps what a lane counted, to be printed when all tests are over; a lane counted in several parts has a line for each.
 * The closing reporter names the file in `ORCHESTRA_COUNTS`; without one nothing is kept.
 */
export function count(name: string, figures: Figures): void {
  const file = process.env['ORCHESTRA_COUNTS'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ name, figures } satisfies Counted)}\n`);
}

function isCounted(value: unknown): value is Counted {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'figures' in value &&
    typeof value.figures === 'object' &&
    value.figures !== null
  );
}

/** What was counted so far, in order; nothing where there is no file. */
export function countsIn(file: string): Counted[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isCounted);
}

const print = (value: number | string) => (typeof value === 'number' ? value.toLocaleString('en-US') : value);

/** A table: a line for each lane, its name and then its figures, in columns where they have the same names. */
export function countsTable(counts: readonly Counted[]): string[] {
  if (counts.length === 0) return [];
  const sorted = counts.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const width = Math.max(...sorted.map(({ name }) => name.length));
  return [
    'counted:',
    ...sorted.map(({ name, figures }) => {
      const told = Object.entries(figures).map(([what, value]) => `${print(value)} ${what}`);
      return `  ${name.padEnd(width)}  ${told.join(' · ')}`;
    }),
  ];
}
