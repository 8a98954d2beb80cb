import type { Event } from '../../src/domain/event.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { closingReports } from '../../src/planning/papers/closing-reports.ts';
import { stagingPapers } from '../../src/planning/papers/staging-papers.ts';
import { testReport } from '../../src/planning/papers/test-report.ts';
import { shipped } from '../../test/harness/deployment.ts';
import { counts, JournalBuilder, sample } from '../../test/harness/journal.ts';
import { type Figure, figure } from '../figure.ts';
import { median } from '../measure.ts';

const rounds = 3;
const features = 50;
/** Two phases of an hour, read every second. */
const readings = 3600;

function rollout(): Event[] {
  const journal = new JournalBuilder()
    .requested({
      through: 'learning',
      source: {
        kind: 'selection',
        base: { ref: 'main', sha: 'a'.repeat(40) },
        head: { ref: 'dev', sha: 'd'.repeat(40) },
        features: Array.from({ length: features }, (_, i) =>
          shipped(`feature-${i}`, {
            commits: [i.toString(16).padStart(40, '0')],
            paths: Array.from({ length: 20 }, (__, n) => `src/part-${i}/file-${n}.ts`),
          }),
        ),
      },
    })
    .staged()
    .tested();
  let second = 20;
  let [old, fresh] = [5000, 0];
  for (const phase of [0, 1]) {
    journal.add({ type: 'phase.started', phase, name: `canary ${phase}`, weight: 5 + phase * 20 });
    for (let i = 0; i < readings; i += 1) {
      second += 1;
      old += 95;
      fresh += 5;
      const now = sample(second, 5 + phase * 20, counts(old), counts(fresh, phase, 20));
      journal.add({ type: 'measured', phase, sample: now });
    }
  }
  journal.add({ type: 'rollback.started', trigger: 'rule', reason: 'too many errors' });
  return journal.events;
}

/** How long all papers of a deployment take, from its fold and its journal. */
export function papers(): Figure[] {
  const events = rollout();
  const d = events.reduce<Deployment | undefined>(evolve, undefined);
  if (!d) throw new Error('an empty journal');
  const reason = 'too many errors';
  const over: Deployment = {
    ...d,
    status: { kind: 'finished', outcome: 'rolled_back', reason, at: d.updatedAt, durationMs: 7_200_000 },
  };
  const times: number[] = [];
  let made = 0;
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    made = [...stagingPapers(d), testReport(d), ...closingReports(over, events)].length;
    times.push(performance.now() - began);
  }
  return [
    figure(
      'reports',
      'all papers of a deployment, ms',
      median(times),
      `${made} papers of ${features} features and ${2 * readings} readings, median of ${rounds}`,
      { atMost: 1000 },
    ),
  ];
}
