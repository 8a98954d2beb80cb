import type { Deployment } from '../../src/domain/deployment.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { CaseCollector, type CasesBySuite } from '../../src/domain/suite-cases.ts';
import type { TestCase } from '../../src/domain/test-case.ts';
import { aDeployment, shipped } from './deployment.ts';

/** A deployment that was taken back, with this text in every place where one from outside can stand. */
export function hostileDeployment(text: string): Deployment {
  const gate = (status: GateResult['status']): GateResult => ({
    id: text,
    title: text,
    when: 'before',
    status,
    severity: 'blocking',
    detail: text,
    fix: text,
    override: { by: text, why: text },
  });
  return aDeployment()
    .built()
    .features(
      shipped('cart', {
        title: text,
        authors: [text],
        commits: ['c'.repeat(40)],
        paths: [text],
        flags: {
          breaking: true,
          testsTouched: false,
          schema: { kind: text, destructive: true, paths: [text], changes: [text] },
          api: { breaking: true, paths: [text], changes: [text] },
        },
        risk: {
          level: 'high',
          probability: 0.4,
          interval: [0.1, 0.7],
          n: 3,
          factors: [{ name: text, effect: -0.2, text }],
        },
      }),
    )
    .suite('unit', 'failed', [text])
    .passed('testing')
    .phases(2, 'roll_back', text)
    .with((d) => {
      d.by.name = text;
      d.why = text;
      d.environment = text;
      d.plan.environment = text;
      d.plan.strategyReason = text;
      d.plan.notes = [text];
      d.plan.rollback = [text];
      d.plan.service.migrate = text;
      d.plan.suites.push({ name: text, kind: 'unit', run: text, timeoutMs: 1 });
      d.failure = { code: text, message: text, hint: text, log: [text] };
      d.lessons = [text];
      d.gates = { before: [gate('failed'), gate('passed'), gate('skipped')] };
      if (d.stable) d.stable.name = text;
      if (d.candidate.kind !== 'none') d.candidate.branch = text;
      if (d.source.kind === 'selection') d.source.head.ref = text;
      const [unit] = d.suites;
      if (!unit) return;
      unit.log = text;
      unit.reportProblem = text;
      unit.failures = [text];
      unit.cases = [{ line: text, name: text, message: text, place: text }];
      unit.earlier = [{ status: 'passed', exitCode: 0, durationMs: 1, log: text }];
      unit.measurements = [{ name: text, value: 1, unit: text }];
      unit.findings = [{ severity: 'high', title: text, place: text }];
      unit.coverage = { covered: 1, total: 2, source: text };
    })
    .suite(text, 'passed', [text])
    .finished('rolled_back', text)
    .build();
}

/** The tests of its suites, each with this text. */
export function hostileCases(text: string): CasesBySuite {
  const collector = new CaseCollector();
  const one: TestCase = {
    group: text,
    name: text,
    status: 'failed',
    message: text,
    place: text,
    durationMs: 3,
  };
  for (const status of ['failed', 'passed', 'skipped'] as const)
    collector.take(JSON.stringify({ ...one, status }));
  return new Map([['unit', collector.done()]]);
}
