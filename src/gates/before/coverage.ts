import type { SuiteState } from '../../domain/suite-result.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

interface Lines {
  covered: number;
  total: number;
}

/** Rounded down: what is below a minimum never looks as if it reached it. */
function words({ covered, total }: Lines): string {
  return `${Math.floor((1000 * covered) / total) / 10} % (${covered} of ${total})`;
}

const share = ({ covered, total }: Lines) => (100 * covered) / total;

/** The suite with the largest share: suites that each see a part are not added up. */
function best(suites: readonly SuiteState[], of: (suite: SuiteState) => Lines | undefined) {
  const known = suites.flatMap((suite) => {
    const lines = of(suite);
    return lines && lines.total > 0 ? [{ suite: suite.suite, lines }] : [];
  });
  return known.toSorted((a, b) => share(b.lines) - share(a.lines))[0];
}

/** The tests come through enough of all lines, and of those that the candidate changes (REQUIREMENTS G1). */
export const coverage: Gate = {
  id: 'coverage',
  title: 'the tests cover enough',
  when: 'before',
  look({ subject: { plan, deployment }, settings: { coverage: limits } }) {
    const wanted = plan.suites.filter((suite) => suite.coverage !== undefined);
    const limited = limits.minimum !== undefined || limits.changed_minimum !== undefined;
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    if (wanted.length === 0)
      return skipped('no suite says where it writes its coverage: `coverage` of a suite');
    if (!deployment || deployment.suites.length === 0)
      return skipped('the suites run on the candidate once it is built');
    const all = best(deployment.suites, (suite) => suite.coverage);
    if (!all) {
      const problem = deployment.suites.flatMap(({ problems = [] }) => problems)[0];
      const why = `no coverage could be read${problem === undefined ? '' : `: ${problem}`}`;
      return limited ? failed(why, 'let the suite write it where `coverage` says') : skipped(why);
    }
    const changed = best(deployment.suites, (suite) => suite.coverage?.changed);
    const said = [
      `${words(all.lines)} of the lines in ${all.suite}`,
      changed
        ? `${words(changed.lines)} of the changed lines${changed.suite === all.suite ? '' : ` in ${changed.suite}`}`
        : 'none of the changed lines can be told',
    ].join(', ');
    if (!limited) return skipped(`${said}; no minimum is set`);
    const short = [
      ...(limits.minimum !== undefined && share(all.lines) < limits.minimum
        ? [`${limits.minimum} % of all are asked for`]
        : []),
      ...(limits.changed_minimum !== undefined && changed && share(changed.lines) < limits.changed_minimum
        ? [`${limits.changed_minimum} % of the changed ones are asked for`]
        : []),
    ];
    if (short.length > 0)
      return failed(
        `${said}; ${short.join(', ')}`,
        'write tests for what changed; the limits are `gates.coverage` of the environment',
      );
    // A minimum for changed lines alone says nothing where no line that is counted changed.
    if (limits.minimum === undefined && !changed) return skipped(said);
    return passed(said);
  },
};
