import type { ActionPlan } from '../domain/action.ts';
import type { Effect } from '../domain/effect.ts';
import { messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';
import type { ActionContext, ActionOutcome } from '../ports/actions.ts';
import { placesOfAction } from '../domain/action-places.ts';
import { candidatePlaces, saidOf } from '../domain/places.ts';
import type { PlacePlan } from '../domain/plan.ts';
import { candidateRoute, type Rollout } from './rollout.ts';
import { whileWatched } from './watching.ts';

type Act = Extract<Effect, { kind: 'act' }>;

/** Does a check, smoke test or hook; the candidate is watched on meanwhile where it has traffic. */
export async function act(effect: Act, rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d } = rollout;
  try {
    return await whileWatched(rollout, async () => {
      const outcome = await outcomeOf(effect, rollout);
      const { action, point, phase } = effect;
      const log = await keep(effect, rollout, outcome);
      return {
        type: 'action.finished',
        effect: effect.id,
        result: {
          kind: action.kind,
          name: action.name,
          point,
          ...(phase === undefined ? {} : { phase }),
          status: outcome.passed ? 'passed' : 'failed',
          detail: outcome.detail,
          ...(outcome.expected === undefined ? {} : { expected: outcome.expected }),
          ...(outcome.actual === undefined ? {} : { actual: outcome.actual }),
          durationMs: Math.round(outcome.durationMs),
          ...(log === undefined ? {} : { log }),
        },
      };
    });
  } finally {
    ports.log(`${effect.id} of ${d.environment} ended`);
  }
}

/** Does a check that a gate asks for, in each of its places; whoever does it again finds what an earlier one left running. */
export async function attempt(action: ActionPlan, rollout: Rollout): Promise<ActionOutcome> {
  const id = `${rollout.deployment.id}/production/gate-${action.kind}-${action.name}/1`;
  return outcomeOf({ kind: 'act', id, action, point: 'after-rollout' }, rollout);
}

/** Does it in each of its places, one after another, until one fails. */
async function outcomeOf(effect: Act, rollout: Rollout): Promise<ActionOutcome> {
  const { plan } = rollout.deployment;
  const places = placesOfAction(plan, effect);
  let all: ActionOutcome | undefined;
  for (const place of places) {
    const said = (text: string) => (places.length > 1 ? saidOf(plan, place.key, text) : text);
    const { detail, output, durationMs, ...found } = await outcomeIn(effect, rollout, place);
    all = {
      ...found,
      detail: [...(all && found.passed ? [all.detail] : []), said(detail)].join('; '),
      durationMs: (all?.durationMs ?? 0) + durationMs,
      output: [...(all?.output ?? []), ...output.map(said)],
    };
    if (!found.passed) break;
  }
  if (!all) throw new TypeError(`${effect.action.name} has no place`);
  return all;
}

async function outcomeIn(effect: Act, rollout: Rollout, place: PlacePlan): Promise<ActionOutcome> {
  const { ports, signal, deployment: d } = rollout;
  const alone = candidatePlaces(d.plan).length === 1;
  try {
    // The name is the same at every attempt, so that what an earlier one left behind is found.
    const run = `${effect.id.slice(0, effect.id.lastIndexOf('/'))}${alone ? '' : `@${place.key}`}`;
    return await ports.actions.perform(effect.action, await contextOf(effect, rollout, place), run, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { passed: false, detail: safeText(messageOf(error), 500), durationMs: 0, output: [] };
  }
}

async function contextOf(
  { point, phase }: Act,
  { ports, deployment: d }: Rollout,
  place: PlacePlan,
): Promise<ActionContext> {
  const { key, host, port, service, variables } = place;
  const of = phase === undefined ? undefined : d.phases[phase];
  const { status } = d;
  const goesBack = status.kind === 'rolling_back';
  const direct = point === 'before-traffic' ? await candidateRoute(ports, d, place) : { host, port };
  return {
    deployment: d.id,
    environment: d.environment,
    point,
    version: d.candidate.kind === 'none' ? undefined : d.candidate.version,
    stable: d.stable,
    phase: of && { name: of.name, weight: of.weight },
    weight: d.candidate.kind === 'promoted' ? 100 : d.weight.actual,
    outcome: goesBack
      ? d.stable
        ? 'rolled_back'
        : 'failed'
      : point === 'after-promotion'
        ? 'succeeded'
        : '',
    reason: goesBack ? status.reason : '',
    url: urlOf(direct),
    service,
    variables,
    router: { host, port, alive: await ports.router.alive(key) },
  };
}

/** An address that listens everywhere is asked on this machine. */
function urlOf({ host, port }: { host: string; port: number }): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What a command wrote goes into the deployment's folder; the path below it. */
async function keep(
  { action, point, phase }: Act,
  { ports, deployment: d }: Rollout,
  { output, detail }: ActionOutcome,
): Promise<string | undefined> {
  if (output.length === 0) return undefined;
  const place = [point, ...(phase === undefined ? [] : [phase + 1]), action.kind, action.name].join('-');
  const name = `actions/${place.replaceAll(/[^A-Za-z0-9_-]+/g, '_')}.log`;
  await ports.memory.writeDocuments(d.id, [{ name, text: `${[...output, `— ${detail}`].join('\n')}\n` }]);
  return name;
}
