import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../providers/runtime/clock.ts';
import { createRunner } from '../../providers/runtime/runner.ts';
import { createSuiteRunner } from '../../providers/suites/suite-runner.ts';
import { testCaseSchema, type TestCase } from '../../src/domain/test-case.ts';
import type { SuitePlan } from '../../src/domain/plan.ts';
import type { SuiteResult } from '../../src/domain/suite-result.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { withProgram } from '../harness/programs.ts';
import { smallService } from '../harness/small-app.ts';
import { temporaryRepository, type TemporaryRepository } from '../harness/temporary-repository.ts';
import { missingFor, projects, type SuiteProject } from './suites/projects.ts';

let repository: TemporaryRepository;
let stateDir: string;

beforeEach(async () => {
  repository = await temporaryRepository();
  stateDir = temporaryFolder();
});
afterEach(() => repository.remove());

async function runOf(project: SuiteProject): Promise<{ result: SuiteResult; tests: TestCase[] }> {
  const suites = createSuiteRunner({
    git: repository.git,
    runner: createRunner(),
    stateDir,
    clock: systemClock,
  });
  const log = join(stateDir, 'logs', 'unit.log');
  const sha = repository.commit(project.files);
  const suite: SuitePlan = {
    name: 'unit',
    kind: 'unit',
    run: project.run,
    timeoutMs: 120_000,
    ...(project.report !== undefined && { report: { path: project.report } }),
  };
  const result = await suites.run({
    deployment: '20260101_000000',
    environment: 'production',
    sha,
    base: null,
    suite,
    service: smallService({}),
    log,
    signal: new AbortController().signal,
  });
  await suites.dispose(sha, [suite]);
  const kept = result.casesFile ? readFileSync(result.casesFile.path) : Buffer.alloc(0);
  if (result.casesFile) expect(createHash('sha256').update(kept).digest('hex')).toBe(result.casesFile.sha256);
  const lines = kept.toString('utf8').split('\n').slice(0, -1);
  return { result, tests: lines.map((line) => testCaseSchema.parse(JSON.parse(line))) };
}

for (const project of projects)
  withProgram(project.name, missingFor(project), () => {
    it(`S4 ${project.name}: counts, names, messages and places are what its runner said`, async () => {
      const { result, tests } = await runOf(project);
      const { passed, failed, skipped, hostile, message, place } = project.expected;
      expect(result).toMatchObject({
        status: 'failed',
        format: project.format,
        counts: { total: 4, passed: 2, failed: 1, skipped: 1 },
      });
      expect(result.reportProblem).toBeUndefined();
      const byName = (name: string) => tests.find((test) => test.name === name)?.status;
      expect(tests.map(({ name }) => name).toSorted()).toEqual([passed, failed, skipped, hostile].toSorted());
      expect([passed, hostile, failed, skipped].map(byName)).toEqual([
        'passed',
        'passed',
        'failed',
        'skipped',
      ]);
      const told = tests.find(({ status }) => status === 'failed');
      expect(told?.message).toContain(message);
      expect(told?.place).toBe(place);
      expect(result.cases).toMatchObject([{ name: failed, place }]);
      expect(JSON.stringify([result.cases, tests])).not.toMatch(/[\u001b\u202e]/);
    }, 180_000);
  });
