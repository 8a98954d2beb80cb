import { z } from 'zod';
import type { DeploymentFacts } from '../../domain/deployment-facts.ts';
import { deploymentFactsSchema } from '../../domain/deployment-facts.ts';
import { historyRowSchema, type HistoryRow } from '../../domain/memory.ts';
import { placeSchema, type Place } from './place.ts';

/**
 * Many rows of the history table as columns: half as long as the rows, and read several times as fast. What repeats is
 * named once and meant by its number. Checked whole at every reading, by plain loops.
 */

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isNumbers = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'number');
const isNames = (value: unknown): value is (string | null)[] =>
  Array.isArray(value) && value.every((one) => one === null || typeof one === 'string');

const texts = z.custom<string[]>(isTexts);
const numbers = z.custom<number[]>(isNumbers);
const names = z.custom<(string | null)[]>(isNames);

/** Values that repeat: `of[at[i]]` is the i-th. */
const repeated = <T extends z.ZodType>(schema: T) => z.object({ of: z.array(schema), at: numbers });

const { kind, outcome } = historyRowSchema.shape;

export const rowColumnsSchema = z.object({
  kind: z.literal('rows'),
  id: texts,
  environment: repeated(z.string()),
  what: repeated(kind),
  outcome: repeated(outcome),
  reason: repeated(z.string()),
  candidate: names,
  /** The rows whose version is another than their candidate, by their number. */
  version: z.record(z.string(), z.string().nullable()),
  strategy: repeated(z.string()),
  by: repeated(z.string()),
  startedAt: texts,
  durationMs: numbers,
  /** How many features each row has; their ids and titles follow one another. */
  features: numbers,
  featureId: texts,
  featureTitle: texts,
  /** The ids that rows belong to, by their number; absent from columns of before. */
  links: z.record(z.string(), texts).optional(),
  /** Where the rows' files are, other than in the history's folder, by their number. */
  place: z.record(z.string(), placeSchema),
  /** Why windows and freezes did not hold the rows up, by their number; absent where all were held up. */
  emergency: z.record(z.string(), z.string()).optional(),
  /** The deployments that rows are the rest of, by the rows' number; absent where none is. */
  restOf: z.record(z.string(), z.string()).optional(),
});
type RowColumns = z.infer<typeof rowColumnsSchema>;

export const factColumnsSchema = z.object({
  kind: z.literal('facts'),
  id: texts,
  facts: z.array(deploymentFactsSchema),
});
export type FactColumns = z.infer<typeof factColumnsSchema>;

/** A row as the index keeps it; facts are kept apart. */
export interface Kept {
  row: HistoryRow;
  place: Place;
}

function repeatedOf<T>(values: readonly T[]): { of: T[]; at: number[] } {
  const numbered = new Map<T, number>();
  const at = values.map((value) => {
    const known = numbered.get(value) ?? numbered.size;
    numbered.set(value, known);
    return known;
  });
  return { of: [...numbered.keys()], at };
}

/** Rows as columns; `rowsOf` gives them back. */
export function columnsOf(kept: readonly Kept[]): RowColumns {
  const rows = kept.map(({ row }) => row);
  const features = rows.flatMap((row) => row.features);
  const emergencies = rows.flatMap(({ emergency }, i) => (emergency === undefined ? [] : [[i, emergency]]));
  const rests = rows.flatMap(({ restOf }, i) => (restOf === undefined ? [] : [[i, restOf]]));
  return {
    kind: 'rows',
    id: rows.map(({ id }) => id),
    environment: repeatedOf(rows.map(({ environment }) => environment)),
    what: repeatedOf(rows.map((row) => row.kind)),
    outcome: repeatedOf(rows.map((row) => row.outcome)),
    reason: repeatedOf(rows.map(({ reason }) => reason)),
    candidate: rows.map(({ candidate }) => candidate),
    version: Object.fromEntries(
      rows.flatMap(({ version, candidate }, i) => (version === candidate ? [] : [[i, version]])),
    ),
    strategy: repeatedOf(rows.map(({ strategy }) => strategy)),
    by: repeatedOf(rows.map(({ by }) => by)),
    startedAt: rows.map(({ startedAt }) => startedAt),
    durationMs: rows.map(({ durationMs }) => durationMs),
    features: rows.map((row) => row.features.length),
    featureId: features.map(({ id }) => id),
    featureTitle: features.map(({ title }) => title),
    links: Object.fromEntries(
      rows.flatMap(({ links }, i) => (links && links.length > 0 ? [[i, links]] : [])),
    ),
    place: Object.fromEntries(kept.flatMap(({ place }, i) => (place === 'history' ? [] : [[i, place]]))),
    ...(emergencies.length > 0 ? { emergency: Object.fromEntries(emergencies) } : {}),
    ...(rests.length > 0 ? { restOf: Object.fromEntries(rests) } : {}),
  };
}

/** Facts as columns, of the rows that have some. */
export function factColumnsOf(facts: ReadonlyMap<string, DeploymentFacts>): FactColumns {
  return { kind: 'facts', id: [...facts.keys()], facts: [...facts.values()] };
}

/** Columns of different lengths, or a number that names nothing. */
class Uneven extends Error {
  override readonly name = 'Uneven';
}

function at<T>(values: readonly T[], i: number): T {
  const found = values[i];
  if (found === undefined) throw new Uneven(`nothing stands at ${i}`);
  return found;
}

const pick = <T>(column: { of: readonly T[]; at: readonly number[] }, i: number): T =>
  at(column.of, at(column.at, i));

/** The rows of columns, without facts; throws `Uneven` where they do not fit together. */
export function rowsOf(columns: RowColumns): Kept[] {
  let feature = 0;
  const versions = new Map(Object.entries(columns.version).map(([i, version]) => [Number(i), version]));
  const linked = new Map(Object.entries(columns.links ?? {}).map(([i, ids]) => [Number(i), ids]));
  const places = new Map(Object.entries(columns.place).map(([i, place]) => [Number(i), place]));
  const emergencies = new Map(Object.entries(columns.emergency ?? {}).map(([i, why]) => [Number(i), why]));
  const rests = new Map(Object.entries(columns.restOf ?? {}).map(([i, of]) => [Number(i), of]));
  return columns.id.map((id, i) => {
    const features: HistoryRow['features'] = [];
    for (const end = feature + at(columns.features, i); feature < end; feature += 1)
      features.push({ id: at(columns.featureId, feature), title: at(columns.featureTitle, feature) });
    const candidate = at(columns.candidate, i);
    const other = versions.get(i);
    const emergency = emergencies.get(i);
    const links = linked.get(i);
    const restOf = rests.get(i);
    return {
      row: {
        id,
        environment: pick(columns.environment, i),
        kind: pick(columns.what, i),
        outcome: pick(columns.outcome, i),
        reason: pick(columns.reason, i),
        version: other === undefined ? candidate : other,
        candidate,
        strategy: pick(columns.strategy, i),
        features,
        by: pick(columns.by, i),
        startedAt: at(columns.startedAt, i),
        durationMs: at(columns.durationMs, i),
        ...(emergency === undefined ? {} : { emergency }),
        ...(links ? { links } : {}),
        ...(restOf === undefined ? {} : { restOf }),
        // A field that rows get later has to be kept here too.
      } satisfies Required<Omit<HistoryRow, 'facts' | 'emergency' | 'links' | 'restOf'>> &
        Pick<HistoryRow, 'links'>,
      place: places.get(i) ?? 'history',
    };
  });
}
