import type { Flags } from '../../domain/feature.ts';
import { api } from './api.ts';
import { config } from './config.ts';
import { dependencies } from './dependencies.ts';
import type { ChangeView, Detector } from './detector.ts';
import { infrastructure } from './infrastructure.ts';
import { schema } from './schema.ts';
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

/** The flags of one unit, each detector's together. */
export function detectFlags(change: ChangeView): Flags {
  const found = detectors.map((detector) => detector.detect(change));
  return mergeFlags([{ breaking: change.breaking, testsTouched: false }, ...found]);
}

/** The flags of changes that ship together: set where any of them sets one. */
export function mergeFlags(all: readonly Partial<Flags>[]): Flags {
  const schemas = all.flatMap((flags) => flags.schema ?? []);
  const apis = all.flatMap((flags) => flags.api ?? []);
  const [firstSchema] = schemas;
  const any = (name: 'dependencies' | 'config' | 'infrastructure') =>
    all.some((flags) => flags[name]) ? { [name]: true } : {};
  return {
    ...(firstSchema && {
      schema: {
        kind: firstSchema.kind,
        destructive: schemas.some((schema) => schema.destructive),
        paths: [...new Set(schemas.flatMap((schema) => schema.paths))],
      },
    }),
    ...(apis.length > 0 && {
      api: {
        breaking: apis.some((api) => api.breaking),
        paths: [...new Set(apis.flatMap((api) => api.paths))],
      },
    }),
    ...any('dependencies'),
    ...any('config'),
    ...any('infrastructure'),
    breaking: all.some((flags) => flags.breaking),
    testsTouched: all.some((flags) => flags.testsTouched),
  };
}
