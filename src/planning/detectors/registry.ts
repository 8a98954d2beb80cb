import type { Flags } from '../../domain/feature.ts';
import { api, detectOffers, flagsOfOffers, type Offered } from './api.ts';
import { config } from './config.ts';
import { dependencies } from './dependencies.ts';
import type { FileDiff } from '../diff.ts';
import type { ChangeView, Detector } from './detector.ts';
import { infrastructure } from './infrastructure.ts';
import { schema } from './schema.ts';
import { mergeTold } from './statements.ts';
import { tests } from './tests.ts';

/** Every detector that looks at a change. To add one: a file beside these, and a line here. */
export const detectors: readonly Detector[] = Object.freeze([
  schema,
  api,
  dependencies,
  config,
  infrastructure,
  tests,
]);

/** Whether some detector reads the whole text of files of this path. */
export function wantsText(path: string): boolean {
  return path.length <= longestPath && detectors.some((detector) => detector.wants?.(path) === true);
}

/** Whether some detector reads the whole text of this file, by its path or its changed lines. */
export function wantsWhole(file: FileDiff): boolean {
  if (file.path.length > longestPath) return false;
  return wantsText(file.path) || detectors.some((detector) => detector.wantsFor?.(file) === true);
}

/** Paths are matched by patterns; a longer one is no path of a program. */
const longestPath = 1000;

/** What is seen in one unit. */
export interface Seen {
  /** Every detector's flags together, without what modules offer. */
  flags: Flags;
  /** What it does to exports, by module: whether a module is one that others import, its package says. */
  offers: Offered[];
}

/** Looks at one unit with every detector. One that fails says nothing: a flag is a hint, never a reason to stop. */
export async function detect(whole: ChangeView): Promise<Seen> {
  const files = whole.files.filter(({ path }) => path.length <= longestPath);
  const change: ChangeView = { ...whole, files };
  const found: Partial<Flags>[] = [];
  let offers: Offered[] = [];
  for (const detector of detectors) {
    try {
      found.push(await detector.detect(change));
    } catch {
      // Hostile text may exhaust a parser's stack in ways nobody foresaw.
    }
  }
  try {
    offers = await detectOffers(change);
  } catch {
    // As above.
  }
  return { flags: mergeFlags([{ breaking: change.breaking, testsTouched: false }, ...found]), offers };
}

/** The flags of one unit, every module taken for one that others import. */
export async function detectFlags(change: ChangeView): Promise<Flags> {
  const { flags, offers } = await detect(change);
  const all = mergeFlags([flags, ...flagsOfOffers(offers)]);
  return change.breaking && all.api ? { ...all, api: { ...all.api, breaking: true } } : all;
}

/** The flags of changes that ship together: set where any of them sets one. */
export function mergeFlags(all: readonly Partial<Flags>[]): Flags {
  // What breaks is told first.
  const schemas = all.flatMap((flags) => flags.schema ?? []);
  const worstSchemas = schemas.toSorted((a, b) => Number(b.destructive) - Number(a.destructive));
  const apis = all.flatMap((flags) => flags.api ?? []);
  const worstApis = apis.toSorted((a, b) => Number(b.breaking) - Number(a.breaking));
  const [firstSchema] = worstSchemas;
  const changes = (lists: readonly (readonly string[] | undefined)[]) => {
    const merged = mergeTold(lists);
    return merged.length > 0 ? merged : undefined;
  };
  const schemaChanges = changes(worstSchemas.map((schema) => schema.changes));
  const apiChanges = changes(worstApis.map((api) => api.changes));
  const any = (name: 'dependencies' | 'config' | 'infrastructure') =>
    all.some((flags) => flags[name]) ? { [name]: true } : {};
  const said = (name: 'dependencyChanges' | 'configChanges' | 'infrastructureChanges') => {
    const merged = changes(all.map((flags) => flags[name]));
    return merged ? { [name]: merged } : {};
  };
  return {
    ...(firstSchema && {
      schema: {
        kind: firstSchema.kind,
        destructive: schemas.some((schema) => schema.destructive),
        paths: [...new Set(worstSchemas.flatMap((schema) => schema.paths))],
        ...(schemaChanges && { changes: schemaChanges }),
      },
    }),
    ...(apis.length > 0 && {
      api: {
        breaking: apis.some((api) => api.breaking),
        paths: [...new Set(worstApis.flatMap((api) => api.paths))],
        ...(apiChanges && { changes: apiChanges }),
      },
    }),
    ...any('dependencies'),
    ...any('config'),
    ...any('infrastructure'),
    ...said('dependencyChanges'),
    ...said('configChanges'),
    ...said('infrastructureChanges'),
    breaking: all.some((flags) => flags.breaking),
    testsTouched: all.some((flags) => flags.testsTouched),
  };
}
