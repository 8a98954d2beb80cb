import type { Deployment } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import type { Events } from '../../store/event-log.ts';
import { newest } from '../../store/testing-rows.ts';
import { type Line, span } from '../theme.ts';

const steps = [
  { kind: 'build-candidate', text: 'build the release branch from what was selected, prove its tree' },
  { kind: 'write-papers', text: 'write the papers and scripts' },
] as const;

/** The steps of building the candidate: which are done, which is under way and for how long. Pure. */
export function stepLines(deployment: Deployment, events: Events, now: number): Line[] {
  const { effect, candidate, papers, stages } = deployment;
  const over = stages.staging.status === 'failed' || deployment.status.kind === 'finished';
  return steps.map(({ kind, text }): Line => {
    const done = kind === 'build-candidate' ? candidate.kind !== 'none' : papers !== undefined;
    const begun = newest(events, (e) => e.type === 'effect.started' && e.effect.kind === kind);
    const ended = newest(
      events,
      (e) => e.type === (kind === 'build-candidate' ? 'candidate.built' : 'papers.written'),
    );
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
