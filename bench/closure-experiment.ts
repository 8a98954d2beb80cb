import { patternsSchema, preferencesSchema } from '../src/domain/memory.ts';
import type { Discovery, Selection } from '../src/domain/feature.ts';
import { discover } from '../src/planning/discover.ts';
import { isGenerated } from '../src/planning/generated-files.ts';
import { proveSelection } from '../src/planning/proof.ts';
import type { Git } from '../src/ports/git.ts';
import { PlainReplay } from './plain-replay.ts';

/** What replaying parts of one history on its older base showed. */
export interface ClosureResult {
  head: string;
  /** First-parent commits that waited. */
  units: number;
  features: number;
  singles: { picked: number; clean: number };
  subsets: { picked: number; clean: number };
  /** Units beside the picked one that a single pick ships, on average. */
  extra: number;
  /** The same for the naive rule: every earlier unit that shares a file, and theirs. */
  sameFileExtra: number;
  /** Share of proofs that had to add what the prepared graph had not seen. */
  grown: number;
  /** Proofs held against a replay unit by unit that shares no code with them. */
  checked: number;
  /** Proofs whose rest does not give the head's files; named, and (of those checked) not. */
  complementNamed: number;
  complementSilent: number;
  /** Proofs whose tree a plain replay of the selected units does not give. */
  wrongTrees: number;
  msPerPick: number;
  msDiscovery: number;
  /** What brought the extra units of single picks, by kind of reason. */
  because: Map<string, number>;
  /** Every pick that went wrong, in words. */
  troubles: string[];
}

/** The check by a plain replay takes ten times what the proof takes, so every `checked`th proof has it. */
const experiment = { subsets: 25, share: 0.3, seed: 20260101, checked: 4 };

/**
 * Replays the experiment of DESIGN on one history: the last `units` first-parent commits wait on the commit before
 * them; every one is picked alone, and 25 random subsets of 30 % (18 of 60). What the proof says is checked by a
 * replay of its own, unit by unit.
 */
export async function runClosureExperiment(
  git: Git,
  request: { revision: string; units: number; subsets?: number },
): Promise<ClosureResult> {
  const head = await git.resolve(request.revision);
  const trunk = (await git.text(['rev-list', '--first-parent', '-n', String(request.units + 1), head])).split(
    '\n',
  );
  const base = trunk.at(-1) ?? head;
  const waiting = trunk.slice(0, -1).toReversed();
  const started = performance.now();
  const discovery = await discover(git, {
    base,
    head,
    patterns: patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
    preferences: preferencesSchema.parse({ schema: 'orchestra/config@2' }),
  });
  const msDiscovery = performance.now() - started;
  const featureOf = new Map(discovery.features.flatMap(({ id, commits }) => commits.map((sha) => [sha, id])));
  const unitsOf = (ids: readonly string[]) => {
    const chosen = new Set(ids);
    return waiting.flatMap((sha, i) => (chosen.has(featureOf.get(sha) ?? '') ? [i] : []));
  };
  const plain = await PlainReplay.open(git, waiting, base);
  const result: ClosureResult = {
    head,
    units: waiting.length,
    features: discovery.features.length,
    singles: { picked: 0, clean: 0 },
    subsets: { picked: 0, clean: 0 },
    extra: 0,
    sameFileExtra: mean(await sameFileExtras(git, waiting, head, base)),
    grown: 0,
    checked: 0,
    complementNamed: 0,
    complementSilent: 0,
    wrongTrees: 0,
    msPerPick: 0,
    msDiscovery,
    because: new Map(),
    troubles: [],
  };

  let [spent, grown] = [0, 0];
  const prove = async (ids: readonly string[], tally: { picked: number; clean: number }, name: string) => {
    const began = performance.now();
    const selection = await proveSelection(git, discovery, ids);
    spent += performance.now() - began;
    tally.picked += 1;
    const { proof } = selection;
    if (proof?.ok) tally.clean += 1;
    else result.troubles.push(`${name}: no clean candidate: ${JSON.stringify(proof?.complement.conflicts)}`);
    if (!proof?.ok || proof.rounds > 1) grown += 1;
    if (proof?.ok && (tally.picked - 1) % experiment.checked === 0) await check(selection, proof, name);
    if (proof?.ok && !proof.complement.ok) result.complementNamed += 1;
    return selection;
  };
  const check = async (selection: Selection, proof: NonNullable<Selection['proof']>, name: string) => {
    const units = unitsOf(selection.selected);
    const built = await plain.ship(plain.baseTree, units);
    if (built.tree !== proof.tree && (await plain.differing(built.tree, proof.tree)).length > 0) {
      result.wrongTrees += 1;
      result.troubles.push(`${name}: the proof's tree is not what a plain replay gives`);
    }
    const taken = new Set(units);
    const rest = await plain.ship(
      proof.tree,
      waiting.flatMap((_, i) => (taken.has(i) ? [] : [i])),
    );
    const wrong = (await plain.differing(rest.tree, plain.headTree)).filter((path) => !isGenerated(path));
    result.checked += 1;
    if (wrong.length === 0) return;
    const named = new Set(proof.complement.conflicts.map(({ path }) => path));
    const silent = wrong.filter((path) => !named.has(path));
    if (silent.length === 0) return;
    result.complementSilent += 1;
    result.troubles.push(
      `${name}: the rest does not give the head's ${silent.slice(0, 3).join(', ')}, unsaid`,
    );
  };

  const extras: number[] = [];
  for (const [i, sha] of waiting.entries()) {
    const id = featureOf.get(sha);
    if (id === undefined) throw new Error(`no feature holds ${sha}`);
    const selection = await prove([id], result.singles, `single ${sha.slice(0, 10)} ${id}`);
    extras.push(unitsOf(selection.selected).filter((unit) => unit !== i).length);
    attribute(result.because, discovery, selection, id, (one) => unitsOf([one]).length);
  }
  result.extra = mean(extras);
  const random = randomFrom(experiment.seed);
  for (let n = 0; n < (request.subsets ?? experiment.subsets) && waiting.length > 1; n += 1) {
    const ids = new Set<string>();
    for (const sha of sample(waiting, Math.ceil(waiting.length * experiment.share), random))
      ids.add(featureOf.get(sha) ?? '');
    await prove([...ids], result.subsets, `subset ${n}`);
  }
  const proofs = result.singles.picked + result.subsets.picked;
  result.grown = grown / proofs;
  result.msPerPick = spent / proofs;
  return result;
}

/** Counts each extra unit under the first reason that leads to it from what was picked. */
function attribute(
  because: Map<string, number>,
  discovery: Discovery,
  selection: Selection,
  picked: string,
  sizeOf: (id: string) => number,
): void {
  const add = (kind: string, units: number) => {
    if (units > 0) because.set(kind, (because.get(kind) ?? 0) + units);
  };
  add('same feature', sizeOf(picked) - 1);
  const byId = new Map(discovery.features.map((feature) => [feature.id, feature]));
  const kinds = new Map([[picked, '']]);
  for (const id of kinds.keys())
    for (const need of byId.get(id)?.dependsOn ?? [])
      if (!kinds.has(need.id)) kinds.set(need.id, need.because[0]?.kind ?? 'unknown');
  for (const { id } of selection.added) {
    add(kinds.get(id) ?? 'found by the proof', 1);
    add('same feature as one needed', sizeOf(id) - 1);
  }
}

/** For each unit how many earlier ones share a file with it or with one of those. */
async function sameFileExtras(
  git: Git,
  waiting: readonly string[],
  head: string,
  base: string,
): Promise<number[]> {
  const log = await git.text([
    'log',
    '-z',
    '--first-parent',
    '--diff-merges=first-parent',
    '--name-only',
    '--no-renames',
    '--format=tformat:commit %H',
    head,
    `^${base}`,
    '--',
  ]);
  const filesOf = new Map<string, Set<string>>();
  let files = new Set<string>();
  for (const entry of log.split('\0')) {
    const text = entry.replace(/^\n/u, '');
    const sha = /^commit ([0-9a-f]{40,64})$/u.exec(text)?.[1];
    if (sha !== undefined) filesOf.set(sha, (files = new Set()));
    else if (text !== '' && !isGenerated(text)) files.add(text);
  }
  return waiting.map((_, i) => {
    const needed = new Set([i]);
    const touched = new Set(filesOf.get(waiting[i] ?? ''));
    for (let j = i - 1; j >= 0; j -= 1) {
      const own = filesOf.get(waiting[j] ?? '') ?? new Set();
      if (![...own].some((path) => touched.has(path))) continue;
      needed.add(j);
      for (const path of own) touched.add(path);
    }
    return needed.size - 1;
  });
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

function sample<T>(values: readonly T[], count: number, random: () => number): T[] {
  const left = [...values];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
}

/** Numbers in 0 … 1 that are the same on every run (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
