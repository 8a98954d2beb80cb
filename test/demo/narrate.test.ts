import { describe, expect, it } from 'vitest';
import { narrate } from '../../demo/narrate.ts';
import { eventBodySchema, type EventBody } from '../../src/domain/event.ts';

const told: [EventBody, string][] = [
  [{ type: 'stage.started', stage: 'testing' }, 'testing …'],
  [{ type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 }, '  canary 5 %: 5 % of the users'],
  [
    {
      type: 'phase.decided',
      phase: 0,
      decision: {
        kind: 'continue',
        verdict: { kind: 'passed', rule: 'none', reason: 'all is well', data: {} },
      },
    },
    '    all is well',
  ],
  [
    { type: 'rollback.started', trigger: 'rule', reason: 'too many errors' },
    '  rolling back: too many errors',
  ],
  [{ type: 'deployment.paused', reason: 'too few requests' }, '  paused: too few requests'],
];

describe('the narration of a deployment', () => {
  it.each(told)('tells $type', (event, words) => {
    expect(narrate(eventBodySchema.parse(event))).toBe(words);
  });

  it('leaves out what a watcher need not see, and what is no event', () => {
    for (const other of [{ type: 'weight.set' }, 'text', null]) expect(narrate(other)).toBeUndefined();
  });
});
