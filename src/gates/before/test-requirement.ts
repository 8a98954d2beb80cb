import { askWords, type PlannedRequirement } from '../../domain/test-requirement.ts';
import { failed, type Gate, type GateSubject, passed, skipped } from '../gate.ts';

/** What is asked more than usual, since a deployment failed for lack of tests, is there (REQUIREMENTS M5). */
export const testRequirement: Gate = {
  id: 'test-requirement',
  title: 'what past failures ask of the tests is there',
  when: 'before',
  look({ subject }) {
    const asked = subject.plan.testRequirement ?? [];
    if (asked.length === 0) return skipped('no past failure asks for more tests of this choice');
    const missing = asked.flatMap((one) => lacking(one, subject));
    if (missing.length === 0)
      return passed(`${asked.map(askWords).join('; ')}: there, as past failures ask for it`);
    const finding = failed(
      missing.map(({ what }) => what).join('; '),
      [...new Set(missing.map(({ fix }) => fix))].join('; '),
    );
    // A suite takes days to come about, and what mends the failure must not wait for it; a test with a change takes none.
    return missing.some(({ kind }) => kind === 'tests') ? finding : { ...finding, severity: 'warning' };
  },
};

/** What of one requirement is not there; nothing where it is, or where its suite is still to run. */
function lacking(
  one: PlannedRequirement,
  { plan, source, deployment }: GateSubject,
): { kind: PlannedRequirement['ask']['kind']; what: string; fix: string }[] {
  const { ask, evidence } = one;
  if (ask.kind === 'suite') {
    const planned = plan.suites.some(({ kind }) => kind === ask.suite);
    const runs = deployment?.suites.filter(({ kind }) => kind === ask.suite) ?? [];
    if (planned && (runs.length === 0 || runs.some(({ status }) => status === 'passed'))) return [];
    return [
      {
        kind: 'suite',
        what: `${evidence}; ${planned ? `no ${ask.suite} suite passed` : `there is still no ${ask.suite} suite`}`,
        fix: `add a suite of kind ${ask.suite} to orchestra.yaml`,
      },
    ];
  }
  const without = source.features.filter(({ id, flags }) => one.features.includes(id) && !flags.testsTouched);
  if (without.length === 0) return [];
  const titles = without.slice(0, 3).map(({ title }) => `"${title}"`);
  const more = without.length > titles.length ? ` and ${without.length - titles.length} more` : '';
  return [
    {
      kind: 'tests',
      what: `${evidence}; ${titles.join(', ')}${more} ${without.length === 1 ? 'changes' : 'change'} the same again without tests`,
      fix: `add a test to ${titles.join(', ')}${more} that fails without the change, or leave ${without.length === 1 ? 'it' : 'them'} out`,
    },
  ];
}
