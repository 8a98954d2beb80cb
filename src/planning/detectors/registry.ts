import type { Flags } from '../../domain/feature.ts';
import { api } from './api.ts';
import { config } from './config.ts';
import { dependencies } from './dependencies.ts';
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

/** Paths are matched by patterns; a longer one is no path of a program. */
const longestPath = 1000;

/** The flags of one unit, each detector's together. A detector that fails says nothing: a flag is a hint, never a reason to stop. */
export async function detectFlags(change: ChangeView): Promise<Flags> {
  const files = change.files.filter(({ path }) => path.length <= longestPath);
  const found: Partial<Flags>[] = [];
  for (const detector of detectors) {
    try {
      found.push(await detector.detect({ ...change, files }));
    } catch {
      // Hostile text may exhaust a parser's stack in ways nobody foresaw.
    }
  }
  return mergeFlags([{ breaking: change.breaking, testsTouched: false }, ...found]);
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
