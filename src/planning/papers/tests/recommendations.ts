import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { CasesBySuite } from '../../../domain/suite-cases.ts';
import { isFlaky, runWords } from '../../../domain/suite-run.ts';
import { requirementNote } from '../../../domain/test-requirement.ts';
import { failedTests } from './failures.ts';
import { rowsOf, type SuiteRow } from './rows.ts';

/** What to do about suites that did not pass, or only sometimes do. */
function aboutSuites(d: Deployment, rows: readonly SuiteRow[], cases: CasesBySuite): string[] {
  const limitOf = (name: string) => d.plan.suites.find((suite) => suite.name === name)?.timeoutMs;
  const failing = failedTests(d, cases);
  const known = failing.filter(({ history }) => history.includes('flaky'));
  return [
    ...rows.flatMap(({ name, status, result }): string[] => {
      if (status === 'failed')
        return [
          `Suite ${name} failed (exit code ${result?.exitCode ?? 'none'}): mend it, or leave out the feature that breaks it, and build the candidate anew.`,
        ];
      if (status !== 'timed_out') return [];
      const limit = limitOf(name);
      return [
        `Suite ${name} did not end${limit === undefined ? '' : ` within ${formatDuration(limit)}`}: look for what it waits for before giving it more time.`,
      ];
    }),
    ...(known.length > 0
      ? [
          `${known.length} of the ${failing.length} tests that failed are known to fail only sometimes (${known
            .slice(0, 3)
            .map(({ name }) => name)
            .join(
              '; ',
            )}${known.length > 3 ? '; …' : ''}): run the suite again to see, and mend them all the same.`,
        ]
      : []),
    ...rows.flatMap(({ name, result }) =>
      result && isFlaky(result)
        ? [
            `${runWords(result) ?? name}. Mend what it depends on beside the code: a test that fails now and then hides the failure that counts.`,
          ]
        : [],
    ),
  ];
}

/** What the tests do not look at. */
function aboutGaps({ plan, source }: Deployment, rows: readonly SuiteRow[]): string[] {
  const untested = source.features.filter((feature) => !feature.flags.testsTouched);
  return [
    ...(rows.length === 0
      ? [
          plan.suitesSkipped
            ? `No suite ran: ${plan.suitesSkipped}. The rollout is the only test.`
            : 'No suite is configured. Add suites to orchestra.yaml; a smoke suite is the cheapest that helps.',
        ]
      : []),
    ...(rows.length > 0 && !rows.some(({ kind }) => kind === 'smoke')
      ? ['No smoke suite: nothing asks the started candidate whether its critical paths answer.']
      : []),
    ...(untested.length > 0
      ? [
          `${untested.length} of ${source.features.length} features changed no test: ${untested
            .slice(0, 5)
            .map((feature) => feature.title)
            .join('; ')}${untested.length > 5 ? '; …' : ''}. Look at them by hand.`,
        ]
      : []),
  ];
}

/** What to do next, derived from the results alone. */
export function testRecommendations(d: Deployment, cases: CasesBySuite): string[] {
  const rows = rowsOf(d);
  const fixes = [...(d.gates?.before ?? []), ...(d.gates?.after ?? [])].flatMap(({ status, title, fix }) =>
    status === 'failed' && fix !== undefined ? [`Gate "${title}": ${fix}.`] : [],
  );
  const slow = rows.filter(({ name, result, status }) => {
    const limit = d.plan.suites.find((suite) => suite.name === name)?.timeoutMs;
    return status === 'passed' && result && limit !== undefined && result.durationMs > limit * 0.8;
  });
  const advice = [
    ...aboutSuites(d, rows, cases),
    ...fixes,
    ...(d.plan.testRequirement ?? []).map(requirementNote),
    ...aboutGaps(d, rows),
    ...slow.map(
      ({ name }) => `Suite ${name} used more than four fifths of its time: give it more, or make it quicker.`,
    ),
  ];
  return advice.length === 0 ? ['Nothing to mend. Go on to production.'] : advice;
}
