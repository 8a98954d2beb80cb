import { counted } from '../../domain/counted.ts';
import type { Culprit, Frame, LoggedError, RouteTrace, Strength, Suspect } from '../../domain/culprit.ts';

/** A frame in a file of the repository, and the features that wrote its line; undefined where the line is older. */
export interface TracedFrame extends Frame {
  owners: readonly string[] | undefined;
}

/** An error of the candidate's log with the frames that lead into the repository, where it arose first. */
export interface TracedError extends Omit<LoggedError, 'frames'> {
  frames: readonly TracedFrame[];
}

export interface Traces {
  features: readonly { id: string; title: string; paths: readonly string[] }[];
  errors: readonly TracedError[];
  /** All stacks of the candidate's log that stable's does not show, those outside the repository included. */
  stacks: number;
  /** Those that stable's log shows as well. */
  alsoStable: number;
  /** The routes that did worse than on stable; undefined where nobody told. */
  routes: readonly RouteTrace[] | undefined;
  /** Features in whose changed lines a failing route is named. */
  mentions: ReadonlyMap<string, readonly string[]>;
  unread: readonly string[];
  /** What it was taken back for, where that is nothing that an error explains: `its latency`. */
  unexplained?: string | undefined;
}

interface Tally {
  strong: number;
  medium: number;
  /** Where its stacks lead, and what they say there. */
  places: Map<string, { count: number; error: string }>;
  routes: string[];
}

/** How many frames and errors stay in the record. */
const mostFrames = 6;
const mostErrors = 5;

/**
 * Names who is likely behind it, no surer than the traces are (REQUIREMENTS N6). Each stack that only the candidate's log
 * shows points at one feature at most: the one that alone wrote the line where the error first passes changed lines, else
 * the one that alone changed the file where it arose. Named is who has more than half of the stacks, and more than
 * twice as many as the next; or, where there is no stack, whose lines alone name the routes that fail. Pure.
 */
export function nameCulprit(traces: Traces): Culprit {
  const tallies = new Map<string, Tally>();
  const tallyOf = (id: string): Tally => {
    const known = tallies.get(id) ?? { strong: 0, medium: 0, places: new Map(), routes: [] };
    tallies.set(id, known);
    return known;
  };
  const changedBy = (path: string) => traces.features.filter(({ paths }) => paths.includes(path));
  const shared = new Map<string, number>();

  for (const error of traces.errors.filter(({ alsoStable }) => !alsoStable)) {
    const written = error.frames.find(({ owners }) => owners !== undefined && owners.length > 0);
    const owner = written?.owners?.length === 1 ? written.owners[0] : undefined;
    const touched = error.frames.find(({ path }) => changedBy(path).length > 0);
    if (written && owner !== undefined) point(tallyOf(owner), 'strong', written, error);
    else if (written)
      note(
        shared,
        `${placeOf(written)}, which ${counted(written.owners?.length ?? 0, 'feature')} wrote`,
        error,
      );
    else if (touched) {
      const [only, ...others] = changedBy(touched.path);
      if (only && others.length === 0) point(tallyOf(only.id), 'medium', touched, error);
      else note(shared, `${touched.path}, which ${counted(others.length + 1, 'feature')} changed`, error);
    }
  }
  for (const [route, ids] of traces.mentions) {
    if (ids.length === 1 && ids[0] !== undefined) tallyOf(ids[0]).routes.push(route);
    else for (const id of ids) if (tallies.has(id)) tallyOf(id).routes.push(route);
  }

  const suspects = [...tallies]
    .flatMap(([id, tally]) => {
      const feature = traces.features.find((one) => one.id === id);
      return feature ? [suspectOf(feature, tally, traces)] : [];
    })
    .toSorted((a, b) => rank(a) - rank(b) || b.stacks - a.stacks);
  const chosen = named(suspects);
  return {
    kind: chosen ? 'named' : 'unknown',
    reason: chosen ? reasonFor(chosen) : whyUnknown(traces, suspects, shared),
    suspects,
    errors: traces.errors.slice(0, mostErrors).map(({ frames, ...error }) => ({
      ...error,
      frames: frames.slice(0, mostFrames).map(withoutOwners),
    })),
    ...(traces.routes ? { routes: [...traces.routes] } : {}),
    unread: [...traces.unread],
  };
}

function withoutOwners({ path, line, in: name }: TracedFrame): Frame {
  return { path, line, ...(name === undefined ? {} : { in: name }) };
}

function point(tally: Tally, strength: 'strong' | 'medium', frame: TracedFrame, error: TracedError): void {
  tally[strength] += error.count;
  const place = placeOf(frame);
  const known = tally.places.get(place);
  tally.places.set(place, {
    count: (known?.count ?? 0) + error.count,
    error: known?.error ?? said(error),
  });
}

function note(shared: Map<string, number>, what: string, { count }: TracedError): void {
  shared.set(what, (shared.get(what) ?? 0) + count);
}

const order: Readonly<Record<Strength, number>> = { strong: 0, medium: 1, weak: 2 };
const rank = ({ strength }: Suspect) => order[strength];
const placeOf = ({ path, line }: Frame) => `${path}:${line}`;
const said = ({ name, message }: { name: string; message: string }) =>
  message === '' ? name : `${name}: ${message}`;

function suspectOf(feature: { id: string; title: string }, tally: Tally, traces: Traces): Suspect {
  const traced = tally.strong > 0 ? 'strong' : tally.medium > 0 ? 'medium' : 'weak';
  const strength = traces.unexplained === undefined ? traced : 'weak';
  const of = traces.stacks;
  const [most] = [...tally.places].toSorted((a, b) => b[1].count - a[1].count);
  const at = most ? `, ${tally.places.size > 1 ? 'most ' : ''}at ${most[0]} (${most[1].error})` : '';
  const failing = (route: string) => traces.routes?.find((one) => one.route === route);
  const wordsOf = (n: number, what: string) =>
    `${n} of ${counted(of, 'stack')} in its log ${n === 1 ? 'passes' : 'pass'} ${what}`;
  return {
    id: feature.id,
    title: feature.title,
    strength,
    stacks: tally.strong + tally.medium,
    of,
    evidence: [
      ...(tally.strong > 0 ? [`${wordsOf(tally.strong, 'lines that it alone wrote')}${at}`] : []),
      ...(tally.medium > 0
        ? [`${wordsOf(tally.medium, 'files that it alone changed')}${tally.strong > 0 ? '' : at}`]
        : []),
      ...tally.routes.flatMap((route) => {
        const trace = failing(route);
        return trace ? [`its lines name ${routeText(trace)}`] : [];
      }),
      ...(traced !== 'weak' && traces.unexplained !== undefined
        ? [`but no error explains ${traces.unexplained}`]
        : []),
    ],
  };
}

/** `GET /orders, which failed 12 times (stable's 0)`. */
export function routeText({ route, failed, slow, stableFailed, stableSlow }: RouteTrace): string {
  const times = (n: number) => (n === 1 ? 'once' : `${n} times`);
  return failed > 0
    ? `${route}, which failed ${times(failed)} (on stable ${stableFailed})`
    : `${route}, which was slow ${times(slow)} (on stable ${stableSlow})`;
}

function named([first, second]: readonly Suspect[]): Suspect | undefined {
  if (!first) return undefined;
  if (first.strength === 'weak' && second) return undefined;
  if (first.stacks === 0) return first.of > 0 ? undefined : first;
  if (2 * first.stacks <= first.of) return undefined;
  return second && 2 * second.stacks >= first.stacks ? undefined : first;
}

const certainty: Readonly<Record<Strength, string>> = {
  strong: 'Likely',
  medium: 'Probably',
  weak: 'Perhaps',
};

function reasonFor({ title, strength, evidence }: Suspect): string {
  const but = evidence.find((one) => one.startsWith('but '));
  return `${certainty[strength]} "${title}": ${[evidence[0] ?? '', but ?? ''].filter(Boolean).join('; ')}`;
}

function whyUnknown(
  traces: Traces,
  suspects: readonly Suspect[],
  shared: ReadonlyMap<string, number>,
): string {
  const { stacks, alsoStable, features, unread, routes } = traces;
  const [place] = [...shared].toSorted((a, b) => b[1] - a[1]);
  const failing = routes?.[0] ? `; worst fares ${routeText(routes[0])}` : '';
  const why = (): string => {
    if (features.length === 0)
      return stacks > 0
        ? `its log has ${counted(stacks, 'new stack')}, but the revision came without a list of features`
        : 'the revision came without a list of features';
    if (suspects.some(({ stacks: n }) => n > 0)) {
      const words = suspects
        .filter(({ stacks: n }) => n > 0)
        .map(({ title, stacks: n }) => `${n} at "${title}"`);
      return `of ${counted(stacks, 'stack')} in its log ${words.join(', ')}: too few to tell`;
    }
    if (place)
      return `${place[1]} of ${counted(stacks, 'stack')} in its log ${place[1] === 1 ? 'passes' : 'pass'} ${place[0]}`;
    if (stacks > 0)
      return `none of the ${counted(stacks, 'stack')} in its log passes a file that a feature of this deployment changed`;
    if (unread.length > 0) return unread.join('; ');
    if (alsoStable > 0) return `stable's log shows all of its ${counted(alsoStable, 'stack')} too`;
    return suspects.length > 1
      ? `its log has no stack, and the lines of ${counted(suspects.length, 'feature')} name failing routes`
      : 'its log has no stack';
  };
  return `Unknown: ${why()}${failing}`;
}
