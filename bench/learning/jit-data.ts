import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { changeMetricsSchema } from '../../src/domain/risk/change-metrics.ts';
import type { LabelledChange } from './labelled-change.ts';

/** Where the open data lies, beside the repository: it is not ours to carry. */
export const jitFolder = path.resolve('../shared/data/jit');

/** One project's changes, oldest first. */
export interface Project {
  name: string;
  changes: LabelledChange[];
}

/** Every project of the folder, by name; none where there is no such folder. */
export async function readProjects(folder: string): Promise<Project[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.csv')).sort();
  return await Promise.all(
    files.map(async (file) => ({
      name: path.basename(file, '.csv'),
      changes: parseChanges(await readFile(path.join(folder, file), 'utf8')),
    })),
  );
}

/** The tables `<project>_k_feature.csv` of Zeng et al.; throws where a row has no label or no number. */
function parseChanges(text: string): LabelledChange[] {
  const [head, ...rows] = text.trim().split(/\r?\n/u);
  const columns = (head ?? '').split(',');
  return rows.map((row, i) => {
    const cells = row.split(',');
    const of = (name: string): number => {
      const cell = cells[columns.indexOf(name)];
      const value = Number(cell);
      if (cell === undefined || cell === '' || !Number.isFinite(value))
        throw new Error(`row ${i + 2}: no number in the column "${name}"`);
      return value;
    };
    return {
      defective: of('bug') > 0,
      metrics: changeMetricsSchema.parse({
        ns: of('ns'),
        nd: of('nd'),
        nf: of('nf'),
        entropy: of('entrophy'),
        la: of('la'),
        ld: of('ld'),
        lt: of('lt'),
        fix: of('fix') > 0,
        ndev: of('ndev'),
        age: of('age'),
        nuc: of('nuc'),
        exp: of('exp'),
        rexp: of('rexp'),
        sexp: of('sexp'),
      }),
    };
  });
}
