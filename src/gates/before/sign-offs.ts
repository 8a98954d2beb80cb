import { lackingWords, signOffsNow } from '../../domain/sign-offs-now.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

/** Everybody whose word is asked for gave it for exactly this candidate (REQUIREMENTS G1). */
export const signOffs: Gate = {
  id: 'sign_offs',
  title: 'signed off',
  when: 'before',
  look({ subject: { environment, plan, source, deployment, by, tree, sha }, settings }) {
    const { sign_offs: wanted } = settings;
    if (wanted.names.length === 0) return skipped('none is asked for: gates.sign_offs');
    const all = [...(plan.gates?.signOffs ?? []), ...(deployment?.signOffs ?? [])];
    const candidate = { ...(tree === undefined ? {} : { tree }), ...(sha === undefined ? {} : { sha }) };
    const { given, missing, own } = signOffsNow(wanted, all, candidate, by?.name);
    const said = given.map(
      ({ name, by: who, at, why }) =>
        `${name} by ${who.name} at ${at.slice(0, 16).replace('T', ' ')}Z${why === undefined ? '' : ` (${why})`}`,
    );
    if (missing.length + own.length === 0) return passed(said.join(', '));
    // A sign-off into a running deployment is for its candidate; before that the candidate has to be named.
    const of = !deployment && source.kind === 'version' ? ` --version ${source.sha.slice(0, 12)}` : '';
    const lacks = lackingWords({ missing, own });
    return failed(
      said.length > 0 ? `${lacks}; given: ${said.join(', ')}` : lacks,
      [...missing, ...own]
        .map((name) => `\`orchestrate deploy sign-off ${name} --env ${environment}${of}\``)
        .join(', '),
    );
  },
};
