import { describe, expect, it } from 'vitest';
import { rollOutDialog } from '../../store/dialogs.ts';
import { aDeployment } from '../harness/deployment.ts';
import { phase } from '../harness/plan.ts';

const asked = (strategy: string, weights: readonly number[]) =>
  rollOutDialog(
    aDeployment()
      .built()
      .with((d) => {
        d.plan.strategy = strategy;
        d.plan.phases = weights.map((weight) => phase(weight));
      })
      .build(),
  ).effect[0];

describe('the question before a rollout', () => {
  it('says how users come to the candidate with the strategy that was chosen', () => {
    expect(asked('canary', [5, 100])).toContain('a little at a time');
    expect(asked('blue-green', [100])).toContain('All users reach the candidate at once');
    expect(asked('recreate', [100])).toContain('Users are refused from the end of the old version');
    expect(asked('ab', [50, 100])).toContain('Some users get the candidate');
  });
});
