import path from 'node:path';
import { passed, warning, type Finding } from '../../domain/check.ts';
import { counted } from '../../domain/counted.ts';
import { patternsSchema } from '../../domain/memory.ts';
import { disk } from '../../../providers/runtime/disk.ts';
import { readIndex } from '../history/history-index.ts';
import { layoutOf } from '../layout.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { idsNewestFirst } from './deployments.ts';

/** Ids that are named one by one; of more it is said how many. */
const named = 3;

const textOf = async (file: string) => (await disk.read(file).catch(() => Buffer.alloc(0))).toString('utf8');

/** Whether the index and what was learned are about the deployments that are there. */
export async function inspectDerived(dir: string): Promise<Finding[]> {
  const at = layoutOf(dir);
  const ids = await idsNewestFirst(at.history);
  const folders = new Set(ids);
  const index = await readIndex(at.index);
  const rows = index?.rows.kept ?? [];
  const known = new Set(rows.map(({ row }) => row.id));
  const whole = rows.filter(({ place }) => place === 'history').map(({ row }) => row.id);
  const patterns = patternsSchema.safeParse(parseJson(await textOf(at.patterns)));
  const kept = new Set([...folders, ...known, ...(await backedUp(dir))]);
  const strange = patterns.success ? patterns.data.learned.filter((id) => !kept.has(id)) : [];
  return [
    ...(index?.damaged === true
      ? [
          warning(
            'the history index is damaged',
            '`orchestrate doctor --fix` makes it again from the records.',
          ),
        ]
      : []),
    ...(index
      ? difference(
          'the index lacks',
          ids.filter((id) => !known.has(id)),
        )
      : []),
    ...difference(
      'the index has, and the history has not,',
      whole.filter((id) => !folders.has(id)),
    ),
    ...(strange.length > 0
      ? [
          warning(
            `the patterns were learned from deployments that are gone: ${someOf(strange)}`,
            'What they taught stays; bring the folders back from a copy to have them in the history.',
          ),
        ]
      : []),
    passed(
      `${counted(ids.length, 'deployment')} in the history, ${patterns.success ? patterns.data.learned.length : 0} of them learned from`,
    ),
  ];
}

function difference(words: string, ids: readonly string[]): Finding[] {
  return ids.length === 0
    ? []
    : [
        warning(
          `${words} ${someOf(ids)}`,
          '`orchestrate doctor --fix` takes it anew; every look at the history works without.',
        ),
      ];
}

function someOf(ids: readonly string[]): string {
  return `${ids.slice(0, named).join(', ')}${ids.length > named ? ` and ${ids.length - named} more` : ''}`;
}

async function backedUp(dir: string): Promise<string[]> {
  const root = path.join(dir, 'backups');
  const names = await disk.list(root).catch(() => []);
  const found = await Promise.all(
    names.map(({ name }) => idsNewestFirst(path.join(root, name, 'history')).catch(() => [])),
  );
  return found.flat();
}
