import { describe, expect, it } from 'vitest';
import { eventText } from '../../components/deployment-text.ts';
import { decisionLines } from '../../components/production/decisions.ts';
import { widthOf } from '../../components/fit.ts';
import { productionLines } from '../../components/panes/ProductionPane.tsx';
import type { Line } from '../../components/theme.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { compareAll } from '../../src/domain/side-by-side.ts';
import { askAbortDialog } from '../../store/dialogs.ts';
import { aDeployment } from '../harness/deployment.ts';
import { at, Fold, readings, requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

const text = (lines: readonly Line[]) =>
  lines.map((line) =>
    line
      .map((span) => span.text)
      .join('')
      .trimEnd(),
  );

/** Forty seconds into its first phase of 5 %; `rates` are requests, errors and milliseconds of a second. */
function watched(
  rates: Partial<Parameters<typeof readings>[1]> = {},
  change: (d: Deployment) => void = () => undefined,
): Deployment {
  return aDeployment()
    .built()
    .passed('testing')
    .with((d) => {
      d.phases = [5, 25, 50, 100].map((weight) => ({
        ...phase(weight),
        startedAt: undefined,
        weightAt: undefined,
        decision: undefined,
        finishedAt: undefined,
      }));
      const [first] = d.phases;
      if (first) Object.assign(first, { startedAt: at(0), weightAt: at(0) });
      d.phase = 0;
      d.weight = { wanted: 5, actual: 5 };
      d.samples = readings(40, { candidate: 5, ...rates });
      d.compared = compareAll(d.samples, d.plan.triggers);
      change(d);
    })
    .build();
}

const draw = (d: Deployment, seconds = 40, width = 98, height = 34) =>
  text(productionLines(d, [], { now: Date.parse(at(seconds)), width, height }));

describe('W1 the Production pane', () => {
  it('shows the share as the router says it, beside the one that was asked for', () => {
    expect(draw(watched()).join('\n')).toMatch(/traffic .*┃.* 5 % wanted 5 %/);
    const off = watched({}, (d) => {
      d.samples = d.samples.map((sample) => ({ ...sample, weight: 2.5 }));
    });
    expect(draw(off).join('\n')).toContain(' 2.5 % wanted 5 %');
  });

  it('sets both sides beside each other, as numbers and over time on one scale', () => {
    const lines = draw(watched({ errors: 1, ms: 40 }));
    const row = (name: string) => lines.find((line) => line.startsWith(name)) ?? '';
    expect(row('stable')).toMatch(/^stable +3,800 +0\.00 %( +\S+ ms){3} +▁{6,} +▃{6,}$/);
    expect(row('candidate')).toMatch(/^candidate +200 +20\.00 %( +\d+ ms){3} +█{6,} +█{6,}$/);
  });

  it('draws a dot where a side had no request, and no bars where there is no room', () => {
    expect(draw(watched({ candidate: 0, stable: 50 })).find((l) => l.startsWith('candidate'))).toMatch(
      /·{6,}/,
    );
    expect(draw(watched(), 40, 58).find((l) => l.startsWith('stable'))).not.toMatch(/[▁▂▃▄▅▆▇█]/);
  });

  it('N3 shows the evidence growing towards its bounds', () => {
    expect(draw(watched()).find((l) => l.startsWith('worse?'))).toMatch(
      /░+ no sign +rolls back at 1,000 : 1/,
    );
    const bad = watched({ errors: 0.2 });
    const slightly = watched({ candidate: 50, errors: 0.1 });
    expect(draw(slightly).find((l) => l.startsWith('worse?'))).toMatch(/[█░]+ [\d,.]+ : 1 +rolls/);
    const line = draw(bad).find((l) => l.startsWith('worse?')) ?? '';
    expect(line).toMatch(/█+ over a million +rolls back at 1,000 : 1/);
    const off = watched({}, (d) => (d.plan.triggers.falseRollbackBudget = 0));
    expect(draw(off).join('\n')).not.toContain('worse?');
  });

  it('says what happens next, when, and what it hangs on', () => {
    const said = draw(watched()).join(' ').replace(/\s+/g, ' ');
    expect(said).toContain(
      '→ At 10:01:00, in 20 s: 25 %, if at most 1 % of 50 requests or more fail and it stays healthy.',
    );
    expect(said).toContain(
      'Then at the earliest: 50 % 10:02:00 · 100 % 10:03:00 · it becomes stable 10:04:00.',
    );
  });

  it('T3 says who has to agree before all traffic, and until when', () => {
    const asked = watched({}, (d) => {
      d.plan.approval = { byAnother: true, timeoutMs: 3_600_000 };
      d.phase = 0;
    });
    expect(draw(asked).join(' ').replace(/\s+/g, ' ')).toContain('a person’s yes, then 100 %');
    const waiting = watched({}, (d) => {
      d.plan.approval = { byAnother: true, timeoutMs: 3_600_000 };
      d.approval = { kind: 'requested', phase: 3, since: at(30) };
      d.status = { kind: 'paused', reason: 'all traffic needs an approval', since: at(30) };
    });
    expect(draw(waiting).join(' ').replace(/\s+/g, ' ')).toContain(
      'Waits for another person’s yes to all traffic until 11:00:30, in 59 min 50 s; without it, it is rolled back.',
    );
  });

  it('says what a phase waits for after its time, and what happens without it', () => {
    const thin = watched({ candidate: 1 }, (d) => {
      d.samples = readings(70, { candidate: 0.6, stable: 19 });
    });
    const said = draw(thin, 70).join(' ').replace(/\s+/g, ' ');
    expect(said).toMatch(
      /Next: 25 %\. It waits: 4\d requests reached the candidate in the last 1 min 10 s, 50 are needed to judge it\./,
    );
    expect(said).toContain('Without that it pauses for a person at 10:03:00.');
  });

  it('says of the phases after a rollback that they were not reached, not that they wait', () => {
    expect(draw(watched()).join('\n')).toMatch(/25 % ░+ waits/);
    const back = watched({}, (d) => {
      d.status = { kind: 'rolling_back', trigger: 'rule', reason: 'errors', since: at(40) };
    });
    expect(draw(back).join('\n')).toMatch(/25 % ░+ not reached/);
    expect(draw(back).join('\n')).not.toContain('waits');
  });

  it('tells a pause from a rollback', () => {
    const paused = watched({}, (d) => {
      d.status = { kind: 'paused', reason: 'slow', since: at(40) };
      d.unattended = true;
    });
    const said = draw(paused).join(' ').replace(/\s+/g, ' ');
    expect(said).toContain('Stays at 5 % and is watched on until a person says');
    expect(said).toContain('Nobody watches: it is rolled back until 10:30:40');
    const back = watched({}, (d) => {
      d.status = { kind: 'rolling_back', trigger: 'rule', reason: 'errors', since: at(40) };
    });
    expect(draw(back).join('\n')).toContain('→ All traffic goes back to');
  });

  it('T3 says beside the phase that it is paused or asks for a yes, not that it waits for requests', () => {
    const over = (d: Deployment) => {
      d.status = { kind: 'paused', reason: 'Ada asked for it', since: at(70) };
    };
    const beside = (d: Deployment) => draw(d, 70).find((line) => line.startsWith('▸')) ?? '';
    expect(beside(watched({}, over))).toMatch(/ paused$/);
    const moving = (d: Deployment) => {
      over(d);
      if (d.phases[0]) d.phases[0].weightAt = undefined;
    };
    expect(beside(watched({}, moving))).toMatch(/ paused$/);
    const asked = (d: Deployment) => {
      over(d);
      d.approval = { kind: 'requested', phase: 1, since: at(70) };
    };
    expect(beside(watched({}, asked))).toMatch(/ waits for a yes$/);
  });

  it('U4 says the bounds of the evidence in full on 80 columns', () => {
    const lines = draw(watched({ errors: 1, ms: 40 }), 40, 59, 20).map((line) => line.slice(0, 59));
    expect(lines.join('\n')).toContain('rolls back at 1,000 : 1');
  });

  it('T1 names the requests that a header sends to the candidate, and what a person can choose at the end', () => {
    const cohort = { kind: 'header', name: 'X-Beta', value: 'yes' } as const;
    const asks = watched({}, (d) => {
      const [first] = d.phases;
      const verdict = { kind: 'passed', rule: 'asks', reason: 'A/B is over', data: {} } as const;
      if (first)
        Object.assign(first, { cohort, asks: true, weight: 1, decision: { kind: 'pause', verdict } });
      d.weight = { wanted: 1, actual: 1 };
      d.status = { kind: 'paused', reason: 'A/B is over', since: at(40) };
    });
    const said = draw(asks).join(' ').replace(/\s+/g, ' ');
    expect(said).toContain('traffic requests with X-Beta: yes');
    expect(said).not.toContain(' 1 %');
    expect(said).toContain('until a person chooses: P goes on to all traffic');
  });

  it('T1 tells the events of an A/B by header without a share that nobody set', () => {
    const cohort = { kind: 'header', name: 'X-Beta', value: 'yes' } as const;
    const phases = [phase(1, { name: 'A/B', cohort }), phase(100)];
    const fold = new Fold(requested({ plan: plan({ phases }) })).add(
      { type: 'stage.started', stage: 'production' },
      { type: 'phase.started', phase: 0, name: 'A/B', weight: 1 },
      { type: 'effect.started', effect: { kind: 'set-weight', id: 'w', phase: 0, weight: 1 } },
      { type: 'weight.set', effect: 'w', phase: 0, wanted: 1, actual: 1 },
    );
    expect(fold.events.slice(2).map((event) => eventText(event, fold.d.phases).text)).toEqual([
      'phase A/B',
      'moving traffic to requests with X-Beta: yes',
      'candidate gets the requests with X-Beta: yes',
    ]);
    expect(askAbortDialog(fold.d).effect.join(' ')).toContain('Requests with X-Beta: yes go back to stable');
  });

  it('T1 shows how many users a feature flag has reached', () => {
    const flagged = watched({}, (d) => {
      const provider = { kind: 'file', path: 'f', on: 'on', off: 'off' } as const;
      d.plan = { ...d.plan, flag: { flag: 'new-checkout', provider, rollback: 'stable' } };
      d.flag = { percent: 25, phase: 1, before: 0 };
      for (const [i, p] of d.phases.entries()) Object.assign(p, { weight: 100, flag: [0, 25, 50, 100][i] });
    });
    expect(draw(flagged).join('\n')).toMatch(/flag +new-checkout at 25 % of users/);
    expect(draw(flagged).join('\n')).toMatch(/flag 50 % /);
  });

  it('G3 says what both sides hold of memory and what the candidate may, as far as there is room', () => {
    const known = (memoryLimitBytes?: number) =>
      watched({}, (d) => {
        const memory = { candidate: 82 * 1024 ** 2, stable: 79 * 1024 ** 2 };
        d.samples = d.samples.map((sample) => ({ ...sample, memory }));
        if (memoryLimitBytes !== undefined) d.plan.triggers = { ...d.plan.triggers, memoryLimitBytes };
      });
    const health = (d: Deployment, width: number) =>
      draw(d, 40, width, 18).find((line) => line.startsWith('health')) ?? '';
    const limited = known(300 * 1024 ** 2);
    expect(health(limited, 98)).toMatch(/50 {2}memory 82 MB · stable 79 MB · limit 300 MB$/);
    expect(health(limited, 59)).toMatch(/50 {2}memory 82 MB · limit 300 MB$/);
    expect(health(known(), 59)).toMatch(/50 {2}memory 82 MB · stable 79 MB$/);
    expect(health(watched(), 98)).not.toContain('memory');
  });

  it('T3 reads out why a word was refused, in as many lines as it takes', () => {
    const refused = 'another person has to approve it: Maximilian Mustermann asked for it';
    const by = { name: 'Maximilian Mustermann', face: 'ui' } as const;
    const fold = new Fold().add({
      type: 'command.received',
      request: 'r',
      command: { kind: 'approve' },
      by,
      refused,
    });
    const lines = text(decisionLines(fold.events, fold.d.phases, 5, 59));
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(refused);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(59);
    expect(decisionLines(fold.events, fold.d.phases, 1, 59)).toHaveLength(1);
  });

  it('U4 fits into 80×24 with decisions in sight, and into any width', () => {
    const many = watched({ errors: 1 }, (d) => {
      const [first] = d.phases;
      d.phases = Array.from({ length: 64 }, (_, i) => ({
        ...(first ?? d.phases[0]!),
        weight: ((i + 1) * 100) / 64,
      }));
    });
    for (const d of [watched(), many]) {
      for (const width of [60, 100, 180]) {
        const lines = productionLines(d, [], { now: Date.parse(at(40)), width, height: 18 });
        expect(text(lines).some((line) => line.startsWith('decisions'))).toBe(true);
        for (const line of text(lines)) expect(widthOf(line)).toBeLessThanOrEqual(width);
      }
    }
  });
});
