import type { Deployment } from '../../src/domain/deployment.ts';
import type { Event } from '../../src/domain/event.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { Events } from '../../store/event-log.ts';
import { newest } from '../../store/testing-rows.ts';
import { type Line, span } from '../theme.ts';

const steps = [
  { kind: 'build-candidate', text: 'build the release branch from what was selected, prove its tree' },
  { kind: 'build-artifact', text: 'build it once, keep and sign what the build left' },
  { kind: 'write-papers', text: 'write the papers and scripts' },
] as const;

type StepKind = (typeof steps)[number]['kind'];

const endings: Readonly<Record<StepKind, Event['type']>> = {
  'build-candidate': 'candidate.built',
  'build-artifact': 'artifact.built',
  'write-papers': 'papers.written',
};

const isDone: Readonly<Record<StepKind, (d: Deployment) => boolean>> = {
  'build-candidate': ({ candidate }) => candidate.kind !== 'none',
  'build-artifact': ({ artifact }) => artifact !== undefined,
  'write-papers': ({ papers }) => papers !== undefined,
};

/** The steps of building the candidate: which are done, which is under way and for how long. Pure. */
export function stepLines(deployment: Deployment, events: Events, now: number): Line[] {
  const { effect, stages } = deployment;
  const over = stages.staging.status === 'failed' || deployment.status.kind === 'finished';
  const planned = steps.filter(({ kind }) => kind !== 'build-artifact' || deployment.plan.artifact);
  return planned.map(({ kind, text }): Line => {
    const done = isDone[kind](deployment);
    const begun = newest(events, (e) => e.type === 'effect.started' && e.effect.kind === kind);
    const ended = newest(events, (e) => e.type === endings[kind]);
    const since = begun && Date.parse(begun.at);
    const until = ended ? Date.parse(ended.at) : now;
    const took = since === undefined ? '' : formatDuration(Math.max(0, until - since));
    if (done) return [span('✔ ', 'ok', true), span(text), span(`  ${took}`, 'quiet')];
    if (effect?.kind === kind && !over)
      return [span('● ', 'accent', true), span(text, 'accent'), span(`  ${took} so far`, 'quiet')];
    const failed = over && begun !== undefined;
    return [span(failed ? '✖ ' : '  ', 'bad', true), span(text, 'quiet')];
  });
}
