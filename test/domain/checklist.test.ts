import { describe, expect, it } from 'vitest';
import { checklistRows, openBefore } from '../../src/domain/ticks.ts';
import { decide } from '../../src/domain/decide.ts';
import { deploymentOf, deploymentRecordSchema, recordOf } from '../../src/domain/deployment-record.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { at, Fold, requested } from '../harness/deployment-events.ts';

const checklist = [
  { id: '1-a', due: 'before', text: 'The release candidate is built', seen: { kind: 'built' } },
  { id: '2-b', due: 'before', text: 'Somebody watches' },
  { id: '3-c', due: 'later', text: 'Support has heard nothing new' },
] as const;

function prepared(items: readonly (typeof checklist)[number][] | undefined = checklist): Fold {
  return new Fold(requested({ through: 'staging' })).add(
    { type: 'stage.started', stage: 'staging' },
    {
      type: 'candidate.built',
      effect: 'e',
      version: { sha: 'b'.repeat(40), name: 'v2' },
      tree: 'c'.repeat(40),
      branch: null,
      commits: 0,
    },
    { type: 'papers.written', effect: 'e', files: ['CHECKLIST.md'], ...(items && { checklist: [...items] }) },
    { type: 'stage.finished', stage: 'staging', status: 'passed', reason: 'ready' },
    { type: 'deployment.waiting', after: 'staging' },
  );
}

let requests = 0;
function asks(fold: Fold, item: string, done = true, name = 'Ana'): EventBody[] {
  const by = { name, face: 'ui' } as const;
  const request = { id: `r${++requests}`, command: { kind: 'tick', item, done }, by } as const;
  const events = decide(fold.d, { kind: 'request', request }, new Date(at(60)));
  fold.add(...events);
  return events;
}

describe('the checklist', () => {
  it('L2 is ticked by a person, once, and unticked', () => {
    const fold = prepared();
    expect(openBefore(fold.d).map(({ id }) => id)).toEqual(['2-b']);
    asks(fold, '2-b');
    expect(openBefore(fold.d)).toEqual([]);
    expect(checklistRows(fold.d)[1]).toMatchObject({ done: true, tick: { by: { name: 'Ana' } } });
    expect(fold.d.status.kind, 'it waits on').toBe('waiting');
    expect(asks(fold, '2-b', true, 'Bo')).toMatchObject([{ refused: 'Ana ticked it already' }]);
    asks(fold, '2-b', false, 'Bo');
    expect(asks(fold, '2-b', false)).toMatchObject([{ refused: 'it is not ticked' }]);
    expect(fold.d.ticks).toEqual([]);
  });

  it('L2 leaves to the program what the program sees itself', () => {
    const fold = prepared();
    expect(checklistRows(fold.d)[0]).toMatchObject({ done: true, tick: undefined });
    expect(asks(fold, '1-a', false)).toMatchObject([
      { refused: 'the program ticks that one itself, once it has seen it' },
    ]);
    expect(asks(fold, '9-z')).toMatchObject([{ refused: 'its checklist has no item 9-z' }]);
  });

  it('is closed with its deployment', () => {
    const fold = prepared().add(
      { type: 'deployment.concluding', outcome: 'blocked', reason: 'enough' },
      {
        type: 'deployment.finished',
        outcome: 'blocked',
        reason: 'enough',
        environment: 'production',
        version: null,
        durationMs: 1,
      },
    );
    expect(asks(fold, '2-b')).toMatchObject([{ refused: 'it is finished' }]);
  });

  it('folds a journal and reads a record from before there were ticks', () => {
    const fold = prepared([]);
    const before = new Fold().add({ type: 'papers.written', effect: 'e', files: [] });
    expect(before.d.checklist).toEqual([]);
    expect(asks(fold, '2-b')).toMatchObject([{ refused: 'it has no checklist yet' }]);
    const { checklist: _, ticks: __, ...old } = recordOf(before.d);
    expect(deploymentOf(deploymentRecordSchema.parse(JSON.parse(JSON.stringify(old))))).toMatchObject({
      checklist: [],
      ticks: [],
    });
  });
});
