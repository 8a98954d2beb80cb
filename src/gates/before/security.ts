import { asGraveAs, findingWords } from '../../domain/finding.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

const named = 3;

/** The project's own scanners found nothing grave: what suites wrote as SARIF (REQUIREMENTS G1). */
export const security: Gate = {
  id: 'security',
  title: 'the scanners found nothing grave',
  when: 'before',
  look({ subject: { plan, deployment }, settings: { security: limits } }) {
    if (plan.suitesSkipped !== undefined) return skipped(plan.suitesSkipped);
    const wanted = plan.suites.filter(({ findings }) => findings !== undefined);
    if (wanted.length === 0)
      return skipped('no suite says where it writes what it found: `findings` of a suite');
    if (!deployment || deployment.suites.length === 0)
      return skipped('the suites run on the candidate once it is built');
    const states = wanted.map((suite) => ({
      suite,
      state: deployment.suites.find((one) => one.suite === suite.name),
    }));
    const silent = states.find(({ state }) => state?.findings === undefined);
    if (silent)
      return failed(
        `${silent.suite.name} left nothing that could be read${silent.state?.problems?.[0] === undefined ? '' : `: ${silent.state.problems[0]}`}`,
        'let it write SARIF where `findings` says; a scanner that found nothing writes an empty list',
      );
    const all = states.flatMap(({ state }) => state?.findings ?? []);
    const grave = asGraveAs(all, limits.from);
    if (grave.length > 0)
      return failed(
        `${findingWords(grave)}: ${grave
          .slice(0, named)
          .map(({ title, place }) => `${title}${place === undefined ? '' : ` (${place})`}`)
          .join('; ')}`,
        'mend them, or let the scanner know why they are none; from where on is `gates.security.from`',
      );
    const names = wanted.map(({ name }) => name).join(', ');
    return passed(all.length === 0 ? `${names} found nothing` : `${names}: ${findingWords(all)}`);
  },
};
