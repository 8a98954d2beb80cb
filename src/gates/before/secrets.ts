import { counted } from '../../domain/counted.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';
import { candidateOf } from './candidate-of.ts';

const named = 5;

/** No line that the candidate adds to what serves holds a secret (REQUIREMENTS G1). Said is where and by which rule, never the secret. */
export const secrets: Gate = {
  id: 'secrets',
  title: 'no secrets in what ships',
  when: 'before',
  async look({ subject, settings, ports, signal }) {
    const sha = candidateOf(subject);
    if (sha === undefined) return skipped('the candidate is looked at once it is built');
    if (subject.stable === null)
      return skipped('the first deployment: there is nothing that its lines could be added to');
    if (subject.stable.sha === sha) return skipped('it is what serves already');
    if (!ports.scanners) return skipped('there is no scanner here');
    const { lines, found } = await ports.scanners.secrets(subject.stable.sha, sha, signal);
    const { ignore } = settings.secrets;
    const ignored = (path: string) =>
      ignore.some((entry) => (entry.endsWith('/') ? path.startsWith(entry) : path === entry));
    const left = found.filter(({ path }) => !ignored(path));
    const said = `${counted(lines, 'added line')} looked at`;
    if (left.length > 0)
      return failed(
        `${counted(left.length, 'secret')} in ${said}: ${left
          .slice(0, named)
          .map(({ path, line, rule }) => `${path}:${line} (${rule})`)
          .join(', ')}${left.length > named ? ', …' : ''}`,
        'make each worthless where it is used, take it out, and read it from the environment; what is none goes under `gates.secrets.ignore`',
      );
    const more = found.length > 0 ? `, ${found.length} in what is ignored` : '';
    return lines === 0 ? skipped('the candidate adds no line') : passed(`${said}${more}`);
  },
};
