import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Event, EventBody } from '../../../src/domain/event.ts';
import { evolve } from '../../../src/domain/evolve.ts';
import type { Deployment } from '../../../src/domain/deployment.ts';
import { phaseNumbers } from '../../../src/domain/phase-numbers.ts';
import { rolloutCurves } from '../../../src/domain/rollout-curves.ts';
import { closingReports } from '../../../src/planning/papers/closing-reports.ts';
import { deploymentReport } from '../../../src/planning/papers/html/deployment-report.ts';
import { deploymentPlan } from '../../../src/planning/papers/plan/deployment-plan.ts';
import { hostileTexts } from '../../harness/hostile.ts';
import { aDeployment, aRollback, aSuccess, shipped } from '../../harness/deployment.ts';
import { counts, JournalBuilder, sample } from '../../harness/journal.ts';
import { tagsOf } from '../../harness/markup.ts';

const folded = (events: readonly Event[]): Deployment => {
  const d = events.reduce<Deployment | undefined>(evolve, undefined);
  if (!d) throw new Error('an empty journal');
  return d;
};

/** A rollout of two phases with `readings` readings each; errors of the second phase are the new version's alone. */
function rollout(readings: number, part: Parameters<JournalBuilder['requested']>[0] = {}): Event[] {
  const journal = new JournalBuilder()
    .requested({ through: 'learning', ...part })
    .staged()
    .tested();
  let second = 20;
  let [old, fresh, errors] = [5000, 0, 0];
  for (const phase of [0, 1]) {
    journal.add({ type: 'phase.started', phase, name: `canary ${phase}`, weight: 5 + phase * 20 });
    for (let i = 0; i < readings; i++) {
      second += 1;
      old += 95;
      fresh += 5;
      errors += phase;
      const measured: EventBody = {
        type: 'measured',
        phase,
        sample: {
          ...sample(second, 5 + phase * 20, counts(old), counts(fresh, errors, 20)),
          memory: { candidate: 90 * 2 ** 20, stable: 80 * 2 ** 20 },
        },
      };
      journal.add(measured);
    }
  }
  journal.add({ type: 'rollback.started', trigger: 'rule', reason: 'too many errors' });
  return journal.events;
}

describe('rolloutCurves', () => {
  it('counts each stretch once: their requests sum up to what the journal has, old requests of before left out', () => {
    const { points = [] } = rolloutCurves(rollout(300)) ?? {};
    expect(points.length).toBeLessThanOrEqual(120);
    expect(points.reduce((sum, { candidate }) => sum + candidate.requests, 0)).toBe(3000);
    expect(points.reduce((sum, { candidate }) => sum + candidate.errors, 0)).toBe(300);
    expect(points.reduce((sum, { stable }) => sum + (stable?.requests ?? 0), 0)).toBe(599 * 95);
  });

  it('has the evidence as the conductor folded it', () => {
    const events = rollout(50);
    const { errors } = folded(events).compared;
    const last = rolloutCurves(events)?.points.at(-1)?.evidence.errors;
    expect(errors.candidate.events).toBeGreaterThan(0);
    expect(last).toBeGreaterThan(1);
  });

  it('is nothing where nothing was read', () => {
    expect(rolloutCurves(new JournalBuilder().requested().staged().events)).toBeUndefined();
  });
});

describe('phaseNumbers', () => {
  it('C7 both sides of each phase for itself', () => {
    const [first, second] = phaseNumbers(rollout(10));
    expect(first?.candidate).toMatchObject({ requests: 50, errors: 0, memory: 90 * 2 ** 20 });
    expect(second?.candidate).toMatchObject({ requests: 50, errors: 10 });
    expect(first?.stable?.requests).toBe(9 * 95);
    expect(second?.stable?.requests).toBe(10 * 95);
    expect(second?.candidate.p50).toBeDefined();
  });
});

describe('report.html', () => {
  const events = rollout(40);
  const page = deploymentReport(folded(events), events).text;
  const tags = tagsOf(page);

  it('C7 the same journal gives the same bytes', () => {
    const again = rollout(40);
    expect(deploymentReport(folded(again), again).text).toBe(page);
  });

  it('asks nothing of anybody: no script, no address, no picture, and a policy that forbids them', () => {
    expect(tags.map(({ name }) => name)).not.toEqual(
      expect.arrayContaining(['script', 'img', 'link', 'iframe', 'object', 'use', 'image']),
    );
    for (const { attributes } of tags) {
      expect(Object.keys(attributes).filter((name) => name === 'style' || name.startsWith('on'))).toEqual([]);
      if ('href' in attributes) expect(attributes['href']).toMatch(/^#[a-z]+$/);
    }
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    expect(page).toContain(`sha256-${createHash('sha256').update(style).digest('base64')}`);
  });

  it('opens and closes every element, in order', () => {
    const alone = new Set(['meta', 'line', 'path', '!doctype']);
    const open: string[] = [];
    for (const { name } of tags) {
      if (alone.has(name.toLowerCase())) continue;
      if (name.startsWith('/')) expect(open.pop()).toBe(name.slice(1));
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('every plot has a name, a sentence and a table beside it; sections have headings that the list leads to', () => {
    const plots = tags.filter(({ name }) => name === 'svg');
    expect(plots.length).toBe(5);
    for (const { attributes } of plots) expect(attributes['aria-label']).toMatch(/^[A-Z].*: .+/);
    expect(tags.filter(({ name }) => name === 'details').length).toBeGreaterThanOrEqual(plots.length);
    const ids = tags.flatMap(({ attributes }) => attributes['id'] ?? []);
    for (const { attributes } of tags.filter(({ name }) => name === 'a'))
      expect(ids).toContain((attributes['href'] ?? '').slice(1));
  });

  it('R3 one that was taken back begins with why, what may be behind it, the timeline and what comes next', () => {
    const back = deploymentReport(aRollback(), []).text;
    for (const words of ['Why', 'What may be behind it', 'Timeline', 'Before the next attempt'])
      expect(back).toContain(`>${words}</h3>`);
  });
});

describe('DEPLOYMENT_PLAN.md', () => {
  it('L2 reads as it did when it was last looked at', async () => {
    const d = aDeployment()
      .built()
      .suite('unit', 'passed')
      .features(
        shipped('stock', {
          title: 'feat: stock is counted',
          authors: ['Ben'],
          flags: {
            breaking: false,
            testsTouched: true,
            schema: { kind: 'SQL migration', destructive: false, paths: ['db/004_stock.sql'] },
          },
        }),
        shipped('saved-baskets'),
      )
      .build();
    await expect(deploymentPlan(d).text).toMatchFileSnapshot('../../golden/deployment-plan.md');
  });

  it('L2 ticks what was looked at, and lists what there was nothing to look at apart', () => {
    const gate = (id: string, status: 'passed' | 'skipped', detail: string) =>
      ({ id, title: `the ${id}`, when: 'before', severity: 'blocking', status, detail }) as const;
    const d = {
      ...aDeployment().built().build(),
      gates: {
        before: [
          gate('staging', 'passed', 'went through staging'),
          gate('window', 'skipped', 'none is named'),
        ],
      },
    };
    const { text } = deploymentPlan(d);
    expect(text).toContain('- [x] the staging (`staging`): went through staging');
    expect(text).toContain('\n- the window (`window`): none is named');
    expect(text).not.toContain('[ ] the window');
  });

  it('L2 says of a phase that was left what became of it', () => {
    const { text } = deploymentPlan(aRollback());
    expect(text).toContain('**taken back**');
    expect(text).not.toMatch(/canary [^|]*\|[^\n]*under way/);
  });

  it('D9 suggests canary where a schema change rolls out another way', () => {
    const d = aDeployment()
      .built()
      .features(
        shipped('stock', {
          flags: {
            breaking: false,
            testsTouched: true,
            schema: { kind: 'SQL migration', destructive: true, paths: ['db/4.sql'] },
          },
        }),
      )
      .with((one) => {
        one.plan.strategy = 'blue-green';
      })
      .build();
    expect(deploymentPlan(d).text).toContain('**A schema change suggests canary**');
    expect(deploymentPlan(d).text).toContain('**HIGH RISK**, because it changes the stored data’s schema');
    expect(deploymentPlan(aDeployment().built().build()).text).not.toContain('HIGH RISK');
  });
});

describe('the papers of any deployment', () => {
  const stories: [string, Deployment][] = [
    ['just asked for', aDeployment().build()],
    ['built', aDeployment().built().build()],
    ['a failing suite', aDeployment().built().suite('unit', 'failed', ['x']).build()],
    ['a success', aSuccess()],
    ['a rollback', aRollback()],
    ['fifty features', aSuccess(undefined, ...Array.from({ length: 50 }, (_, i) => shipped(`f-${i}`)))],
    [
      'the first here',
      aDeployment()
        .built()
        .with((d) => {
          d.stable = null;
        })
        .build(),
    ],
    [
      'no features',
      aDeployment()
        .built()
        .with((d) => {
          d.source = { kind: 'version', ref: 'v2', sha: 'b'.repeat(40), features: [] };
        })
        .build(),
    ],
  ];

  it.each(stories)('are whole and say nothing undefined: %s', (_, d) => {
    for (const { text } of [deploymentPlan(d), ...closingReports(d, [])])
      expect(text).not.toMatch(/undefined|NaN|\[object|Infinity|null/);
  });

  it('100 hostile texts make no tag and no structure in any of them', () => {
    const names = (d: Deployment) => tagsOf(deploymentReport(d, []).text).map(({ name }) => name);
    const made = (text: string) => {
      const d = aRollback(undefined, shipped('one', { title: text, authors: [text] }));
      return {
        ...d,
        why: text,
        by: { ...d.by, name: text },
        links: [{ kind: 'issue' as const, id: text, from: 'commit' as const }],
      };
    };
    const plain = names(made('plain'));
    for (const text of hostileTexts.slice(0, 100)) expect(names(made(text))).toEqual(plain);
  });
});
