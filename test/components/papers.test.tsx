import { afterEach, describe, expect, it, vi } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import type { Command } from '../../src/domain/command.ts';
import type { EventBody, Source, SuiteResult } from '../../src/domain/event.ts';
import { setSession } from '../../store/create-store.ts';
import type { FakeOptions } from '../harness/fake-orchestrator.ts';
import { shipped } from '../harness/deployment.ts';
import { canaryPlan, JournalBuilder } from '../harness/journal.ts';
import { openScreen, type Screen, stillClock } from '../harness/screen.tsx';

let end: (() => void) | undefined;
afterEach(() => end?.());

function open(options: FakeOptions, size = { columns: 100, rows: 30 }): Screen {
  const screen = openScreen(options, size, stillClock);
  end = screen.close;
  return screen;
}

const folder = 'current/20261121_101500';
const papers = [`${folder}/DEPLOYMENT_GUIDE.md`, `${folder}/CHECKLIST.md`, `${folder}/deploy.sh`];
const documents = {
  [papers[0] ?? '']: [
    '# Guide',
    ...Array.from({ length: 60 }, (_, i) => `- Line ${i}: ${i % 20 === 7 ? 'Rollback' : 'go'}`),
  ],
  [papers[1] ?? '']: ['# Checklist', '- [x] Built', '- [ ] Somebody watches', '- [ ] Suite `unit` passed'],
  [papers[2] ?? '']: ['#!/bin/sh', '  exec orchestrate "$@"'],
};

/** A candidate with its papers and a checklist, waiting for its tests. */
function staged(part: Parameters<JournalBuilder['requested']>[0] = {}): JournalBuilder {
  const journal = new JournalBuilder().requested(part);
  const effect = 'e';
  return journal.add(
    { type: 'stage.started', stage: 'staging' },
    {
      type: 'candidate.built',
      effect,
      version: { sha: '2'.repeat(40), name: 'v2' },
      tree: 'c'.repeat(40),
      branch: 'release/2',
      commits: 4,
    },
    {
      type: 'papers.written',
      effect,
      files: [...papers],
      checklist: [
        { id: '1-a', due: 'before', text: 'Built', seen: { kind: 'built' } },
        { id: '2-b', due: 'before', text: 'Somebody watches' },
        { id: '3-c', due: 'before', text: 'Suite `unit` passed', seen: { kind: 'suite', suite: 'unit' } },
      ],
    },
    { type: 'stage.finished', stage: 'staging', status: 'passed', reason: 'ready' },
    { type: 'deployment.waiting', after: 'staging' },
  );
}

function accept(command: Command, journal: JournalBuilder): void {
  journal.add({
    type: 'command.received',
    request: `r${journal.events.length}`,
    command,
    by: { name: 'Ada', face: 'ui' },
  });
}

describe('Staging', () => {
  it('S3 lists the papers with what they are for, and how much of the checklist is open', async () => {
    const s = open({ running: staged(), documents });
    await s.sees(/▸ DEPLOYMENT_GUIDE.md +everything in one paper/);
    await s.sees(/CHECKLIST.md +1 of 3 ticked, 2 open before production/);
    await s.sees(/deploy.sh +ships this candidate/);
  });

  it('S3 reads a paper in place, its position shown, and goes to the ones beside it', async () => {
    const s = open({ running: staged(), documents });
    await s.sees('▸ DEPLOYMENT_GUIDE.md');
    s.press('\r');
    await s.sees(/paper 1 of 3 · 1–\d+ of \d+/);
    s.press('G');
    await s.sees('Line 59: go');
    s.press('[');
    await s.sees('paper 3 of 3');
    await s.sees('1 │ #!/bin/sh');
    await s.sees('2 │   exec orchestrate "$@"');
    s.press('[');
    await s.sees('paper 2 of 3');
    await s.sees('[x] Built');
    s.press('\u001b');
    await s.sees('▸ CHECKLIST.md');
  });

  it('S3 does not open what was left while it was read', async () => {
    const s = open({ running: staged(), documents });
    await s.sees('▸ DEPLOYMENT_GUIDE.md');
    const read = s.fake.read.bind(s.fake);
    let deliver = () => {};
    s.fake.read = async (...asked) => {
      await new Promise<void>((done) => (deliver = done));
      return read(...asked);
    };
    s.press('\r');
    s.press('\u001b');
    await vi.waitFor(() => expect(deliver).not.toBe(undefined));
    await new Promise((done) => setTimeout(done, 50));
    deliver();
    await new Promise((done) => setTimeout(done, 50));
    expect(s.store.getState().session.detail).toBeUndefined();
    s.press('\r');
    await vi.waitFor(() => {
      deliver();
      expect(s.frame()).toContain('paper 1 of 3');
    });
  });

  it('S3 names the features of the candidate where the papers leave room', async () => {
    const source: Source = {
      kind: 'selection',
      base: { ref: 'main', sha: 'b'.repeat(40) },
      head: { ref: 'dev', sha: 'd'.repeat(40) },
      features: [
        shipped('pr-1', { title: 'Saved carts' }),
        shipped('pr-2', { title: 'Gifts', pulledIn: true }),
      ],
    };
    const s = open({ running: staged({ source }), documents });
    await s.sees(/features \(2\) ─/);
    await s.sees(/pr-1 +Saved carts/);
    await s.sees(/pr-2 +Gifts \(comes along\)/);
    setSession(s.store, { size: { columns: 80, rows: 20 } });
    await s.sees(/features 2 +pr-1, pr-2 \(comes along\)/);
    expect(s.frame()).not.toContain('Saved carts');
  });

  it('offers the way to the tests once they have begun, not to run them', async () => {
    const s = open({ running: staged().advance('testing').tested(), documents });
    await s.sees('testing is done');
    s.press('3');
    await s.sees('n to its tests');
    s.press('n');
    await s.sees('2 suites');
  });

  it('S3 searches in a paper, from hit to hit and round again', async () => {
    const s = open({ running: staged(), documents });
    await s.sees('▸ DEPLOYMENT_GUIDE.md');
    s.press('\r');
    await s.sees('paper 1 of 3');
    s.press('/roll');
    await s.sees('/roll▏  1 of 3 found');
    s.press('back\r');
    await s.sees('/rollback  1 of 3 found');
    s.press('.');
    await s.sees('2 of 3 found');
    await s.sees('Line 27: Rollback');
    s.press(',,');
    await s.sees('3 of 3 found');
    await s.sees('Line 47: Rollback');
    expect(s.store.getState().session.view, 'no key of the search went elsewhere').toBe('staging');
    s.press('\u001b');
    await s.misses('found');
    await s.sees('paper 1 of 3');
  });

  it('L2 ticks and unticks the item under the cursor', async () => {
    const s = open({ running: staged(), documents, onCommand: accept });
    await s.sees('▸ DEPLOYMENT_GUIDE.md');
    s.press('j\r');
    await s.sees('1 of 3 ticked · paper 2 of 3');
    s.press('k ');
    await s.sees('Not now: the program ticks that one itself');
    s.press('\u001b');
    await s.sees('▸ CHECKLIST.md');
    s.press('\r');
    // It opens on the first item that waits for a person.
    await s.sees('space tick');
    s.press(' ');
    await s.sees(/\[x\] Somebody watches +\(Ada 10:15\)/);
    await s.sees('2 of 3 ticked');
    await s.sees('space untick');
    expect(s.fake.asked.map(({ command }) => command)).toEqual(['tick']);
    s.press(' ');
    await s.sees('[ ] Somebody watches');
    s.press('\u001b');
    await s.sees(/CHECKLIST.md +1 of 3 ticked/);
  });

  it('tells in the question before the rollout how many items are open', async () => {
    const s = open({ running: staged().advance('testing').tested(), documents });
    await s.sees('testing is done');
    s.press('n');
    await s.sees(/checklist +1 of 3 items are open/);
    await s.sees(/tests +2 suites passed/);
  });

  it('shows the steps of the candidate that is being built, and for how long', async () => {
    const journal = new JournalBuilder()
      .requested()
      .add(
        { type: 'stage.started', stage: 'staging' },
        { type: 'effect.started', effect: { kind: 'build-candidate', id: 'b' } },
      );
    const s = open({ running: journal });
    await s.sees(/● build the release branch .* 22 s so far/);
    await s.sees('write the papers and scripts');
  });

  it.each([
    [60, 20],
    [80, 24],
    [100, 40],
  ])('keeps its columns at %i × %i', async (columns, rows) => {
    const s = open({ running: staged(), documents }, { columns, rows });
    await s.sees('DEPLOYMENT_GUIDE.md');
    s.press('\r');
    await s.sees('paper 1 of 3');
    for (const line of s
      .frame()
      .split('\n')
      .filter((l) => l.startsWith('│')))
      expect(widthOf(line)).toBe(columns);
  });
});

const suites = canaryPlan().suites;

function result(suite: string, status: SuiteResult['status'], change: Partial<SuiteResult> = {}): EventBody {
  return {
    type: 'suite.finished',
    effect: `e-${suite}`,
    result: {
      suite,
      kind: 'unit',
      status,
      exitCode: status === 'passed' ? 0 : 1,
      durationMs: 1200,
      log: `${suite}.log`,
      tail: [`the end of ${suite}`],
      ...change,
    },
  };
}

/** Tests of which the second suite failed, waiting for a person. */
function failed(): JournalBuilder {
  return staged()
    .advance('testing')
    .add(
      { type: 'stage.started', stage: 'testing' },
      result('unit', 'passed'),
      result('smoke', 'failed', {
        failures: ['✖ home'],
        cases: [{ line: '✖ home', name: 'home', message: '500 is not 200', place: 'smoke.mjs:9' }],
      }),
      { type: 'tests.reported', effect: 'r', file: `${folder}/test-report.html` },
      {
        type: 'stage.finished',
        stage: 'testing',
        status: 'failed',
        reason: 'tests do not pass: smoke failed',
      },
      { type: 'deployment.waiting', after: 'testing' },
    );
}

describe('Testing', () => {
  it('S4 puts failures first, each with its tests, what they said and where, and jumps there', async () => {
    const output = [
      ...Array.from({ length: 50 }, (_, i) => `fine ${i}`),
      '  ✖ home',
      ...Array.from({ length: 50 }, () => 'more'),
    ];
    const s = open({ running: failed(), documents: { smoke: output } });
    await s.sees('✖ tests do not pass: smoke failed');
    await s.sees(/▸✖ smoke[^]*✖ home +500 is not 200 +smoke.mjs:9[^]*✔ unit/);
    await s.sees('A failure blocks production. R runs the suite under the cursor again');
    s.press('j\r');
    await s.sees(/output of smoke +esc closes/);
    await s.sees('✖ home');
    await s.sees('fine 49');
    s.press('\u001b');
    await s.misses('output of smoke   ');
    s.press('n');
    await s.sees('Not now: tests do not pass: smoke failed');
  });

  it('S4 runs a suite again at a person’s word, and marks what then passes as flaky', async () => {
    const s = open({
      running: failed(),
      onCommand: (command, journal) => {
        accept(command, journal);
        if (command.kind !== 'rerun') return;
        journal.add(
          { type: 'stage.started', stage: 'testing' },
          result('smoke', 'passed'),
          { type: 'stage.finished', stage: 'testing', status: 'passed', reason: '2 suites passed' },
          { type: 'deployment.waiting', after: 'testing' },
        );
      },
    });
    await s.sees('▸✖ smoke');
    s.press('R');
    await s.sees(/▸✔ smoke .* ~ flaky: 1 of 2 runs/);
    s.press('n');
    await s.sees(/tests +2 suites passed; smoke only in 1 of 2 runs on the same +│/);
  });

  it('says so where what past deployments say of the suites cannot be read', async () => {
    const running = staged().advance('testing').add({ type: 'stage.started', stage: 'testing' });
    const s = open({ running });
    s.fake.suitePast = async () => {
      throw new Error('the history is torn');
    };
    await s.sees('What past deployments say of the suites cannot be read: the history is torn');
  });

  it('S4 tells how long a suite has been, how long it usually takes, and what the past says of it', async () => {
    const [unit, smoke] = suites;
    if (!unit || !smoke) throw new TypeError('the plan of the harness has two suites');
    const past = { candidates: 30, flaky: 2, flakyCases: {} };
    const journal = staged()
      .advance('testing')
      .add(
        { type: 'stage.started', stage: 'testing' },
        { type: 'effect.started', effect: { kind: 'run-suite', id: 'e', suite: unit } },
      );
    const s = open({
      running: journal,
      suitePast: {
        unit: { ...past, flaky: 0, durations: [30_000, 20_000, 40_000] },
        smoke: { ...past, durations: [5000] },
      },
    });
    await s.sees(/unit .*running 16 s, about 14 s left \(n=3\)/);
    await s.sees(/smoke .*waits, usually 5 s +~ flaky \(2 of 30\)/);
    await s.sees('2 suites · about 19 s left');
  });

  it('S4 follows the output of a suite that runs, and stays where a person scrolled to', async () => {
    const [unit] = suites;
    if (!unit) throw new TypeError('the plan of the harness has suites');
    const lines = Array.from({ length: 80 }, (_, i) => `step ${i}`);
    const documents = { unit: lines };
    const journal = staged()
      .advance('testing')
      .add(
        { type: 'stage.started', stage: 'testing' },
        { type: 'effect.started', effect: { kind: 'run-suite', id: 'e', suite: unit } },
      );
    const s = open({ running: journal, documents });
    await s.sees('step 79');
    s.press('\r');
    await s.sees('running, follows the end');
    documents.unit = [...lines, 'step 80'];
    await s.sees('step 80');
    s.press('k');
    await s.sees('running, G follows');
    const top = /step \d+/.exec(s.frame())?.[0] ?? '';
    documents.unit = [...documents.unit, 'step 81'];
    await s.sees(/of 82/);
    expect(s.frame()).toContain(top);
    expect(s.frame()).not.toContain('step 81');
    s.press('G');
    await s.sees('step 81');
  });

  it('says what to do where there is nothing to test', async () => {
    const s = open({});
    await s.sees('5 features');
    s.press('4');
    await s.sees('Stage a candidate first: 2, then n.');
    s.press('3');
    await s.sees('be read and ticked in place');
  });
});
