import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { forgotten } from '../domain/choices-memory.ts';
import { counted } from '../domain/counted.ts';
import type { Deployment } from '../domain/deployment.ts';
import { startOutcomeModel } from '../domain/risk/outcome-model.ts';
import { patternsSchema, type Patterns } from '../domain/memory.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import type { HistoryStore } from './history-store.ts';
import { openJsonDocument, type DocumentContext, type JsonDocument } from './json-document.ts';
import { deploymentIdPattern } from './layout.ts';

export const patternsName = 'orchestra/patterns@1';

/** What a deployment whose outcome is sure adds to the patterns; learning from one twice changes nothing. */
export type Learn = (patterns: Patterns, deployment: Deployment) => Patterns;

/** The patterns of a repository that has learned nothing yet. */
export function emptyPatterns(): Patterns {
  return patternsSchema.parse({ schema: patternsName });
}

/**
 * Lost patterns are learned again from so many of the newest deployments: a few milliseconds each, and what is older counts
 * for next to nothing in what the models know.
 */
export const mostAgain = 2000;

/** Deployments learned again in one go, before others have a turn: keys, and the lease of a lock. */
const inOneGo = 5;

/** So many of the newest deployments are looked at for one that was not learned from; far more than can be missed. */
const mostLate = 50;

/**
 * What past deployments taught. Missing or damaged, it is learned again from their records, in the order of their ends; those
 * whose end could not be learned from, as the file was a later version's then, are made up for by the next one.
 */
export function openPatterns(
  places: { file: string; current: string },
  context: DocumentContext,
  history: Pick<HistoryStore, 'rows' | 'record'> & {
    /** Since when people's choices count, where they were cleared. */
    choicesSince?: () => Promise<string | undefined>;
  },
  learn: Learn | undefined,
): JsonDocument<Patterns> {
  const document = openJsonDocument<Patterns>(
    {
      file: places.file,
      schema: patternsSchema,
      name: patternsName,
      empty: emptyPatterns,
      checked: true,
      ...(learn && { rebuild: () => learnAgain(learn) }),
    },
    context,
  );

  /** Those that were learned from when they ended. */
  async function concluded(ids: Iterable<string>): Promise<Deployment[]> {
    const found: Deployment[] = [];
    for (const id of ids) {
      const deployment = await history.record(id);
      if (deployment?.lessons) found.push(deployment);
    }
    const end = ({ concludedAt, updatedAt }: Deployment) => concludedAt ?? updatedAt;
    return found.sort((a, b) => (end(a) === end(b) ? (a.id < b.id ? -1 : 1) : end(a) < end(b) ? -1 : 1));
  }

  /** What was learned again last, and from which deployments: whoever cannot write it down asks at every look. */
  let again: { from: string; patterns: Promise<Patterns> } | undefined;

  async function learnAgain(learned: Learn, but: readonly Deployment[] = []): Promise<Patterns> {
    const running = (await disk.list(places.current).catch(ifMissing([]))).map(({ name }) => name);
    const rows = await history.rows();
    const ids = new Set([...rows.slice(0, mostAgain).map(({ id }) => id), ...running.filter(isId)]);
    for (const { id } of but) ids.delete(id);
    const since = await history.choicesSince?.();
    // One that still runs may end at any time.
    const from = running.length === 0 ? [rows.length, since, ...ids].join(' ') : undefined;
    if (from !== undefined && again?.from === from) return again.patterns;
    const patterns = learnFromAll(learned, ids, since);
    if (from !== undefined) again = { from, patterns };
    patterns.catch(() => (again = undefined));
    if (rows.length > mostAgain)
      context.warn(
        `${path.basename(places.file)} is learned again from the newest ${counted(mostAgain, 'deployment')} of ${rows.length}`,
      );
    return patterns;
  }

  async function learnFromAll(
    learned: Learn,
    ids: Iterable<string>,
    since: string | undefined,
  ): Promise<Patterns> {
    let patterns = { ...emptyPatterns(), ...(since === undefined ? {} : forgotten(since)) };
    for (const [i, deployment] of (await concluded(ids)).entries()) {
      if (i % inOneGo === 0) await setImmediate();
      patterns = learned(patterns, deployment);
    }
    return patterns;
  }

  /** What past deployments (`but` these) taught of features, for patterns of before that was kept. */
  async function modelsOf(
    learned: Learn,
    known: Patterns,
    but: readonly Deployment[] = [],
  ): Promise<Pick<Patterns, 'outcome' | 'together'>> {
    if (!lacksModels(known)) return known;
    const { outcome, together } = await learnAgain(learned, but);
    return { outcome: outcome ?? startOutcomeModel(), together };
  }

  /** Past deployments that ended while nothing could be written here. */
  async function late(known: Patterns): Promise<Deployment[]> {
    const learned = new Set(known.learned);
    const first = known.learned[0];
    const rows = (await history.rows()).slice(0, mostLate);
    const missed = rows.filter(({ id, outcome }) => {
      const since = first === undefined || known.learned.length < mostLate || id > first;
      return outcome !== 'halted' && since && !learned.has(id);
    });
    return missed.length === 0 ? [] : concluded(missed.map(({ id }) => id));
  }

  return {
    async read() {
      if (!learn || context.onlyLooks === true) return document.read();
      if (await disk.exists(places.file)) {
        const known = await document.read();
        if (!lacksModels(known)) return known;
        const { outcome, together } = await modelsOf(learn, known);
        return document
          .update((patterns) => (lacksModels(patterns) ? { ...patterns, outcome, together } : patterns))
          .catch(() => known);
      }
      if ((await history.rows()).length === 0) return document.read();
      // Lost: learned again once, and not at every look.
      return document.update((patterns) => ({ ...patterns })).catch(() => document.read());
    },
    async update(change) {
      if (!learn) return document.update(change);
      const known = await document.read();
      const missed = await late(known);
      const { outcome, together } = await modelsOf(learn, known, missed);
      return document.update((patterns) => {
        const whole = lacksModels(patterns) ? { ...patterns, outcome, together } : patterns;
        return change(missed.reduce(learn, whole));
      });
    },
  };
}

/** Whether features that fared somehow are known, and nothing of what that taught. */
function lacksModels({ outcome, features }: Patterns): boolean {
  return outcome === undefined && features.length > 0;
}

const isId = (name: string) => deploymentIdPattern.test(name);
