import { mostDecisions, mostWentWrong, type Decision, type WentWrong } from './choices-memory.ts';
import type { Kinds } from './choices.ts';
import { leaningKinds, type LeaningKind } from './feature.ts';
import { formatInterval, wilson } from './interval.ts';
import type { Patterns } from './memory.ts';
import { safeText } from './safe-text.ts';

/** Changes of a kind, in so many deployments, before anything is said of a habit: five of five are 65–100 %, four say little more than chance. */
export const fewestChanges = 5;
export const fewestDeployments = 3;

/** Of each kind the last so many decisions count, so that a changed mind shows within a few deployments. */
const lastChanges = 20;

/** Blame from which a change that was taken against the advice is held to be why its deployment failed. */
const atFault = 0.3;

/** What people do with a kind of change against the advice: `down` leave out what is recommended, `up` take what is optional. */
export interface Leaning {
  direction: 'up' | 'down';
  kind: LeaningKind;
  key: string;
  /** So many of `n` changes were decided against the advice. */
  count: number;
  n: number;
  /** 90 % Wilson interval of that share. */
  interval: [number, number];
  /** Whether it moves the advice; when not, why. */
  state: 'moves' | 'too-little' | 'mixed';
  /** The change of this kind that was taken against the advice last and failed: only what was chosen after it counts. */
  failed?: { id: string; deployment: string };
}

/** The kinds that may be moved by what was chosen of them; the rest of the flags tell of dangers, which no habit lifts. */
const harmless: ReadonlySet<string> = new Set(['dependencies', 'config', 'infrastructure', 'no-tests']);

/** The names that a change has for one sort of kind. */
export function keysOf(kinds: Kinds, kind: LeaningKind): readonly string[] {
  switch (kind) {
    case 'type':
      return [kinds.type];
    case 'area':
      return kinds.area === undefined ? [] : [kinds.area];
    case 'flag':
      return kinds.flags.filter((flag) => harmless.has(flag));
    case 'size':
      return [kinds.size];
    default:
      return kind satisfies never;
  }
}

/**
 * What people are used to choosing against the advice, the plainest explanation first: decisions that one kind explains do not
 * count for the next. A share moves the advice once its 90 % interval lies above a half, over `fewestChanges` changes and
 * `fewestDeployments` deployments. Pure.
 */
export function leaningsOf({ chosen, features }: Pick<Patterns, 'chosen' | 'features'>): Leaning[] {
  if (!chosen) return [];
  const order = new Map(chosen.deployments.map((id, place) => [id, place]));
  // A change that a damaged or edited file names twice counts once, as it stands last.
  const newest = chosen.decisions.slice(-mostDecisions);
  const decisions = [...new Map(newest.map((one) => [one.id, one])).values()].filter(({ deployment }) =>
    order.has(deployment),
  );
  const failures = chosen.wentWrong
    .slice(-mostWentWrong)
    .filter(({ id, deployment }) => order.has(deployment) && blameOf(features, id, deployment) >= atFault);
  return [
    ...explained('down', decisions, { order, failures: [] }),
    ...explained('up', decisions, { order, failures }),
  ];
}

/** The share of the blame that is known now: a later deployment may have cleared it. */
function blameOf(features: Patterns['features'], id: string, deployment: string): number {
  const known = features.findLast((feature) => feature.id === id);
  return known?.deployments.findLast((one) => one.deployment === deployment)?.blame ?? 0;
}

interface Evidence {
  /** The place of each deployment that counts, oldest first. */
  order: ReadonlyMap<string, number>;
  failures: readonly WentWrong[];
}

function explained(
  direction: Leaning['direction'],
  decisions: readonly Decision[],
  evidence: Evidence,
): Leaning[] {
  const bucket = direction === 'down' ? 'recommended' : 'optional';
  let open = decisions.filter((one) => one.bucket === bucket);
  const found: Leaning[] = [];
  for (const kind of leaningKinds) {
    const groups = new Map<string, Decision[]>();
    for (const one of open)
      for (const key of new Set(keysOf(one, kind))) {
        const group = groups.get(key);
        if (group) group.push(one);
        else groups.set(key, [one]);
      }
    const here = [...groups].map(([key, all]) => leaningIn(direction, { kind, key }, all, evidence));
    found.push(...here);
    const moving = new Set(here.filter(({ state }) => state === 'moves').map(({ key }) => key));
    open = open.filter((one) => !keysOf(one, kind).some((key) => moving.has(key)));
  }
  return found.filter(({ count, failed }) => count > 0 || failed !== undefined);
}

function leaningIn(
  direction: Leaning['direction'],
  { kind, key }: Pick<Leaning, 'kind' | 'key'>,
  all: readonly Decision[],
  { order, failures }: Evidence,
): Leaning {
  const place = (deployment: string) => order.get(deployment) ?? -1;
  const failed = failures
    .filter((one) => keysOf(one, kind).includes(key))
    .toSorted((a, b) => place(a.deployment) - place(b.deployment))
    .at(-1);
  const after = failed ? place(failed.deployment) : -1;
  const last = all.filter(({ deployment }) => place(deployment) > after).slice(-lastChanges);
  const against = last.filter(({ taken }) => taken === (direction === 'up'));
  const [count, n] = [against.length, last.length];
  const interval = wilson(count, n);
  const deployments = Math.max(
    new Set(against.map(({ deployment }) => deployment)).size,
    ...against.map(({ times }) => times),
  );
  const enough = n >= fewestChanges && deployments >= fewestDeployments;
  return {
    direction,
    kind,
    key,
    count,
    n,
    interval,
    state: !enough ? 'too-little' : interval[0] > 0.5 ? 'moves' : 'mixed',
    ...(failed ? { failed: { id: failed.id, deployment: failed.deployment } } : {}),
  };
}

const sizes: Readonly<Record<string, string>> = {
  small: 'small changes (under 50 lines)',
  medium: 'changes of 50 to 399 lines',
  large: 'large changes (400 lines and more)',
};

const flags: Readonly<Record<string, string>> = {
  dependencies: 'changes of dependencies',
  config: 'changes of configuration',
  infrastructure: 'changes of infrastructure',
  'no-tests': 'changes without tests',
};

/** A kind of change as people say it: `chore changes`, `changes of cart`. */
export function kindWords({ kind, key }: Pick<Leaning, 'kind' | 'key'>): string {
  const text = safeText(key, 60);
  switch (kind) {
    case 'type':
      return `${text} changes`;
    case 'area':
      return `changes of ${text}`;
    case 'flag':
      return (Object.hasOwn(flags, key) ? flags[key] : undefined) ?? `changes with ${text}`;
    case 'size':
      return (Object.hasOwn(sizes, key) ? sizes[key] : undefined) ?? `${text} changes`;
    default:
      return kind satisfies never;
  }
}

/** `you left out 7 of 8 chore changes (58–96 %)`. */
export function leaningWords(leaning: Leaning): string {
  const { direction, count, n, interval } = leaning;
  const did = direction === 'down' ? 'left out' : 'took';
  return `you ${did} ${count} of ${n} ${kindWords(leaning)}${n === 0 ? '' : ` (${formatInterval(interval)})`}`;
}

/** What is learned from it, as a line for people: whether it moves the advice, else why not. */
export function leaningLine(leaning: Leaning): string {
  const { direction, state, failed } = leaning;
  const words = leaningWords(leaning);
  const since = failed
    ? ` since ${safeText(failed.id, 60)} was taken along and failed in ${safeText(failed.deployment, 40)}`
    : '';
  switch (state) {
    case 'moves':
      return `${words}${since}: moved to ${direction === 'down' ? 'optional' : 'recommended'}`;
    case 'too-little':
      return `${words}${since}: not enough history (${fewestChanges} changes in ${fewestDeployments} deployments)`;
    case 'mixed':
      return `${words}${since}: nothing is moved, it may as well be chance`;
    default:
      return state satisfies never;
  }
}
