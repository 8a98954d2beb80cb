import { counted } from '../domain/counted.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Source } from '../domain/event.ts';
import type { Discovery } from '../domain/feature.ts';
import type { HistoryRow } from '../domain/memory.ts';
import {
  remainderOf,
  suspectedIn,
  tracedIn,
  type Leaving,
  type Remainder,
  type Suspected,
} from '../domain/rest.ts';
import type { LeftOut } from '../domain/rest-of.ts';
import { safeText } from '../domain/safe-text.ts';
import { closeSelection } from '../planning/closure.ts';
import { proveSelection } from '../planning/proof.ts';
import type { DraftRequest, Drafts } from './drafts.ts';
import type { Draft } from './orchestrator.ts';
import { failedDeployment } from './rest-of-what.ts';
import type { RestPorts } from './rest-ports.ts';
import { notWithout, nothingLeft, unknownFeature } from './rest-refusals.ts';

export interface RestRequest extends Omit<DraftRequest, 'environment' | 'what'> {
  /** Where `id` is not given: the environment whose newest deployment is meant. */
  environment?: string;
  /** The failed deployment, or the rollback that took it back. */
  id?: string;
  /** Features to leave out beside the one that the failure was traced to, by their ids in the failed candidate. */
  without?: readonly string[];
}

/** A failed deployment as far as its rest is about it. */
export interface RestOfWhat {
  id: string;
  environment: string;
  outcome: string;
  /** Why it ended. */
  reason: string;
  /** Who is behind it, or why that is unknown. */
  culprit: string;
}

/** What of a failed candidate can ship again; or whom to leave out has to be said first, the most suspicious standing first. */
export type Rest =
  | { kind: 'ask'; of: RestOfWhat; suspected: Suspected[] }
  | { kind: 'draft'; of: RestOfWhat; without: LeftOut[]; draft: Draft; notes: string[] };

export interface Resting {
  /**
   * The candidate of a failed deployment without the feature that it was traced to, without those that a person names,
   * and without what needs any of these; proved on what serves now, and nothing started. Throws `no-rest`, `nothing-left`,
   * `rest-shipped`, `unknown-feature`, `unknown-deployment`, `candidate-gone` (2), and as `draft` does.
   */
  rest(request: RestRequest): Promise<Rest>;
}

type Selected = Extract<Source, { kind: 'selection' }>;

/** Ships the rest of what was taken back (REQUIREMENTS N6). */
export function createResting(ports: RestPorts, drafts: Pick<Drafts, 'discover' | 'draft'>): Resting {
  const { git, memory } = ports;

  async function rest({ id, without = [], ...asked }: RestRequest): Promise<Rest> {
    const rows = await memory.history();
    const {
      deployment: d,
      source,
      notes: found,
    } = await failedDeployment(ports, rows, {
      ...(id === undefined ? {} : { id }),
      ...(asked.environment === undefined ? {} : { environment: asked.environment }),
    });
    const of = about(d);
    const suspected = suspectedIn(d);
    const leaving = leavingOf(d, suspected, without);
    if (leaving.length === 0) return { kind: 'ask', of, suspected };

    const discovery = await asThen(d, source);
    const { remainder, along } = await provedWithout(d, discovery, leaving, rows);
    const draft = await drafts.draft(
      {
        ...asked,
        environment: d.environment,
        what: { kind: 'select', wanted: { kind: 'ids', ids: remainder.kept } },
      },
      discovery,
    );
    const notes = [
      ...found,
      ...remainder.without.flatMap(({ id: out, title }) =>
        suspected.some((one) => one.id === out && one.must)
          ? [`${quoted(title)} is a must: what it mends stays open while it is left out.`]
          : [],
      ),
      ...remainder.shipped.map(({ title }) => `${quoted(title)} shipped meanwhile: it stays as it serves.`),
      ...along,
      ...onlyNeeded(source, discovery, remainder),
      ...(draft.stable && draft.stable.sha !== d.stable?.sha
        ? [`It builds on ${draft.stable.name}, which serves now and did not then.`]
        : []),
      ...(await movedOn(source)),
    ].map((note) => safeText(note, 500));
    // What stays out is no choice against the advice, and says nothing of what people like.
    const { advice: _, ...unadvised } = draft.plan;
    const pulledIn = new Set(source.features.flatMap((one) => (one.pulledIn ? [one.id] : [])));
    const features = draft.features.map((one) => ({
      ...one,
      pulledIn: one.pulledIn || pulledIn.has(one.id),
    }));
    return {
      kind: 'draft',
      of,
      without: remainder.without,
      notes,
      draft: {
        ...draft,
        features,
        source: { ...draft.source, features },
        plan: { ...unadvised, notes: [...notes, ...unadvised.notes] },
        restOf: { deployment: d.id, without: remainder.without },
      },
    };
  }

  /** What waited when the candidate was chosen, between what serves now and the head of then: later commits stay away. */
  async function asThen(d: Deployment, { head }: Selected): Promise<Discovery> {
    if ((await git.tryResolve(head.sha)) === undefined)
      throw new OrchestraError(
        'candidate-gone',
        `the commits that ${d.id} was built from (${head.sha.slice(0, 12)}) are not in this repository any more`,
        { exit: exitCode.usage, hint: 'choose anew from what waits: `orchestrate select ID,ID… --prove`' },
      );
    const discovery = await drafts.discover({ environment: d.environment, head: head.sha });
    return { ...discovery, head };
  }

  /** Leaves out more until the proof asks for nothing that is left out. */
  async function provedWithout(
    d: Deployment,
    discovery: Discovery,
    leaving: readonly Leaving[],
    rows: readonly HistoryRow[],
  ): Promise<{ remainder: Remainder; along: string[] }> {
    const { features } = d.source;
    const first = remainderOf(discovery.features, features, leaving);
    const without = [...first.without];
    let { kept } = first;
    for (;;) {
      if (!kept.some((id) => !features.some((one) => one.id === id && one.pulledIn)))
        throw nothingLeft(d, { ...first, kept, without }, rows);
      const closed = closeSelection(discovery.features, kept);
      const proved = await proveSelection(git, discovery, closed.selected);
      const out = new Set(without.map(({ id }) => id));
      const back = proved.added.filter(({ id }) => out.has(id));
      if (back.length === 0)
        return {
          remainder: { ...first, kept, without },
          along: [...closed.added, ...proved.added].map(
            ({ id, because }) =>
              `${id} comes along, which was not in it then: ${because[0] ?? 'it is needed'}.`,
          ),
        };
      // Who does not apply without it, though no line says so, is its dependant too.
      const needing = kept.flatMap((id) => {
        const why = back.flatMap(({ id: need, because }) =>
          because.filter((text) => text.startsWith(`${id} needs ${need}:`)),
        )[0];
        return why === undefined ? [] : [{ id, why: why.slice(id.length + 1) }];
      });
      if (needing.length === 0) throw notWithout(d, back);
      for (const { id, why } of needing) {
        const title = discovery.features.find((one) => one.id === id)?.title ?? id;
        without.push({ id, title, kind: 'needs', why: `it ${why}` });
      }
      const all = new Set(without.map(({ id }) => id));
      kept = kept.filter((id) => !all.has(id));
    }
  }

  /** Whether the branch has gone on since: what came then is not in it. */
  async function movedOn({ head }: Selected): Promise<string[]> {
    const now = await git.tryResolve(head.ref);
    if (now === undefined || now === head.sha) return [];
    const n = Number(await git.text(['rev-list', '--count', `${head.sha}..${now}`, '--']));
    return [
      `${head.ref} has moved on${n > 0 ? ` by ${counted(n, 'commit')}` : ''} since: the rest is what was chosen then, at ${head.sha.slice(0, 7)}.`,
    ];
  }

  return { rest };
}

function about(d: Deployment): RestOfWhat {
  const [outcome, reason] = d.status.kind === 'finished' ? [d.status.outcome, d.status.reason] : ['', ''];
  return {
    id: d.id,
    environment: d.environment,
    outcome,
    reason,
    culprit: d.culprit?.reason ?? `Unknown: ${whyUnknown(outcome)}`,
  };
}

function whyUnknown(outcome: string): string {
  if (outcome === 'succeeded') return 'it went well at first, and was taken back later';
  return outcome === 'blocked' ? 'it was stopped before it left any traces' : 'its traces were not read';
}

/** Whom the evidence and a person leave out. Throws `unknown-feature` (2). */
function leavingOf(d: Deployment, suspected: readonly Suspected[], named: readonly string[]): Leaving[] {
  const traced = tracedIn(d);
  const ids = [...new Set([...(traced === undefined ? [] : [traced]), ...named])];
  return ids.map((id) => {
    const one = suspected.find((each) => each.id === id);
    if (!one) throw unknownFeature(d, id, suspected);
    if (id === traced)
      return { id, kind: 'suspect', why: one.evidence?.text ?? 'the failure was traced to it' };
    const evidence = one.evidence ? `; ${one.evidence.strength} evidence: ${one.evidence.text}` : '';
    return { id, kind: 'asked', why: `a person leaves it out${evidence}` };
  });
}

const quoted = (title: string) => `"${safeText(title, 100)}"`;

/** What was in the candidate for the sake of what is left out alone: it stays, since it was tested with the others, and is told. */
function onlyNeeded(source: Selected, discovery: Discovery, { kept }: Remainder): string[] {
  const pulledIn = new Set(source.features.flatMap((one) => (one.pulledIn ? [one.id] : [])));
  const { selected } = closeSelection(
    discovery.features,
    kept.filter((id) => !pulledIn.has(id)),
  );
  return kept
    .filter((id) => pulledIn.has(id) && !selected.includes(id))
    .map(
      (id) =>
        `${id} was in it only for what is left out, and ships as it was; leave it out too with --without ${id}.`,
    );
}
