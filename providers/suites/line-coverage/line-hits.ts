/** Lines of each file, by its path as the report has it, and whether any test came through them. */
export type LineHits = Map<string, Map<number, boolean>>;

/** No report that people could use has more lines than this. */
const mostLines = 5_000_000;

/** Collects lines; a line that several parts of a report name was hit if any of them says so. Throws `RangeError` for too many. */
export function collectLines(): { add: (file: string, line: number, hit: boolean) => void; hits: LineHits } {
  const hits: LineHits = new Map();
  let count = 0;
  return {
    hits,
    add(file, line, hit) {
      if (!Number.isSafeInteger(line) || line < 1 || file === '') return;
      let lines = hits.get(file);
      if (!lines) hits.set(file, (lines = new Map()));
      const known = lines.get(line);
      if (known === undefined && ++count > mostLines) throw new RangeError('it has too many lines');
      if (known !== true) lines.set(line, hit);
    },
  };
}

/** How many lines were come through, of all that there are. */
export function countLines(hits: LineHits): { covered: number; total: number } {
  let covered = 0;
  let total = 0;
  for (const lines of hits.values())
    for (const hit of lines.values()) {
      total += 1;
      if (hit) covered += 1;
    }
  return { covered, total };
}
