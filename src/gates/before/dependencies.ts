import { asGraveAs, findingWords } from '../../domain/finding.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';
import { candidateOf } from './candidate-of.ts';

const named = 3;

/** The project's own package manager knows of no grave weakness in what the candidate depends on (REQUIREMENTS G1). */
export const dependencies: Gate = {
  id: 'dependencies',
  title: 'no known weakness in dependencies',
  when: 'before',
  async look({ subject, settings, ports, signal }) {
    const sha = candidateOf(subject);
    if (sha === undefined) return skipped('the candidate is looked at once it is built');
    if (!ports.scanners) return skipped('there is no scanner here');
    const asked = await ports.scanners.dependencies(sha, signal);
    if ('skipped' in asked) return skipped(asked.skipped);
    const { tool, findings } = asked;
    const grave = asGraveAs(findings, settings.dependencies.from);
    if (grave.length > 0)
      return failed(
        `${tool}: ${findingWords(grave)}: ${grave
          .slice(0, named)
          .map(({ title }) => title)
          .join('; ')}`,
        'update them; from where on is `gates.dependencies.from`',
      );
    return passed(findings.length === 0 ? `${tool} knows of none` : `${tool}: ${findingWords(findings)}`);
  },
};
