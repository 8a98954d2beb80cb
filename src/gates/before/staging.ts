import { failed, type Gate, passed, skipped } from '../gate.ts';

/** The very same candidate, by its commit or its tree, went through the environment before and was not taken back (REQUIREMENTS G1). */
export const staging: Gate<'memory' | 'served'> = {
  id: 'staging',
  title: 'verified in the environment before',
  when: 'before',
  async look({ subject: { environment, plan, stable, sha, tree }, ports }) {
    const after = plan.gates?.comesAfter;
    if (sha !== undefined && sha === stable?.sha) return skipped('it serves here already');
    if (after === undefined) return skipped('the plan names no environment that comes before');
    if ('none' in after) return skipped(after.none);
    const { before } = after;
    const served = await ports.served(before);
    for (const { deployment, version } of served.toReversed()) {
      const record = await ports.memory.record(deployment);
      const same =
        version.sha === sha ||
        (tree !== undefined && record?.candidate.kind === 'promoted' && record.candidate.tree === tree);
      if (same) return passed(`${version.name} went through ${before} in deployment ${deployment}`);
    }
    const last = served.at(-1);
    const runs = last ? `${before} runs ${last.version.name}` : `nothing has been deployed to ${before} yet`;
    return failed(
      `this candidate has not been through ${before}: ${runs}`,
      `deploy it to ${before} first; then \`orchestrate deploy ${environment} --from ${before}\` ships exactly that`,
    );
  },
};
