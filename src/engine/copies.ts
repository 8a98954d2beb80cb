import { versionWords } from '../domain/version-words.ts';
import { counted } from '../domain/counted.ts';
import type { EventBody } from '../domain/event.ts';
import { scaleIn } from '../domain/place-copies.ts';
import { candidatePlaces } from '../domain/places.ts';
import type { PlacePlan, ScaleStep } from '../domain/plan.ts';
import { observe } from './observe.ts';
import {
  addressOf,
  candidateRequest,
  drainMs,
  orAborted,
  rolloutOf,
  routeTo,
  runningCopies,
  stableIn,
  versionOf,
  type Rollout,
} from './rollout.ts';
import { stableRequest } from './stable-side.ts';

/** Brings one side to the number of copies that a phase wants, in every place; the other side is left as it is. */
export async function scale(rollout: Rollout, phase: number, step: ScaleStep): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  const wanted = d.phases[phase]?.scale;
  if (!wanted) throw new TypeError(`phase ${phase} has no copies to bring anywhere`);
  const version = versionOf(d.candidate);
  const places = candidatePlaces(d.plan);
  const over = new AbortController();
  if (d.weight.actual > 0) {
    // Copies take their time to start, and users are with the candidate already: it is watched meanwhile.
    const signal = AbortSignal.any([rollout.signal, over.signal]);
    observe({ ...rollout, signal }, phase, 'routed copies').catch(() => undefined);
  }
  try {
    // New copies come with those they depend on first; old ones go with those first that depend on them.
    for (const place of step === 'grow' ? places : places.toReversed()) {
      const here = scaleIn(d.plan, wanted, place);
      if (step === 'grow') await growCandidate(rollout, place, here.candidate);
      else await reduceStable(rollout, place, step === 'make-room' ? here.stableMeanwhile : here.stable);
    }
  } finally {
    over.abort(new Error('the copies are there'));
  }
  let candidate = 0;
  let stable = 0;
  for (const place of places) {
    const before = stableIn(d, place);
    candidate += (await runningCopies(rollout.ports, place, version)).length;
    stable += before ? (await runningCopies(rollout.ports, place, before)).length : 0;
  }
  const copies = (n: number) => counted(n, 'copy', 'copies');
  const before = d.stable ? versionWords(d.stable, [version]) : 'the version before';
  const detail = `${copies(candidate)} of ${versionWords(version, d.stable ? [d.stable] : [])}, ${copies(stable)} of ${before}`;
  return { type: 'scaled', effect, phase, step, candidate, stable, detail };
}

/** Starts what is missing of the candidate; its share of the traffic stays, spread over all its copies. */
async function growCandidate(rollout: Rollout, place: PlacePlan, copies: number): Promise<void> {
  const { ports, deployment: d, fence, signal } = rollout;
  const request = candidateRequest(rollout, place);
  const instances = await orAborted(ports.platform.scale(request, copies), signal);
  const { stable, weight } = await ports.router.read(place.key);
  const candidate = routeTo(instances);
  await ports.router.change(place.key, { stable, candidate, weight, rollout: rolloutOf(d), fence });
}

/**
 * Ends copies of stable beyond so many: first they get no more requests, then those under way may finish, then they end. Without any
 * left, whatever share the candidate has is all there is: the router answers 503 while it has none.
 */
async function reduceStable(rollout: Rollout, place: PlacePlan, copies: number): Promise<void> {
  const { ports, deployment: d, fence, signal } = rollout;
  const { key } = place;
  const before = stableIn(d, place);
  if (!before) return;
  const running = await runningCopies(ports, place, before);
  const staying = running.slice(0, copies);
  const leaving = running.slice(copies);
  const state = await ports.router.read(key);
  const stable = staying.length > 0 ? routeTo(staying) : null;
  const { candidate, weight } = state;
  await ports.router.change(key, { stable, candidate, weight, rollout: rolloutOf(d), fence });
  await orAborted(
    Promise.all(leaving.map((copy) => ports.router.drain(key, before.sha, drainMs, addressOf(copy)))),
    signal,
  );
  const request = await stableRequest(rollout, place, before);
  await orAborted(ports.platform.scale(request, staying.length), signal);
}
