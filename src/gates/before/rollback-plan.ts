import { failed, type Gate, passed, skipped } from '../gate.ts';

/** The paper that says how to go back. */
const paper = 'ROLLBACK.md';

/** How to go back is written down before anything starts (REQUIREMENTS G1). */
export const rollbackPlan: Gate = {
  id: 'rollback-plan',
  title: 'the way back is written down',
  when: 'before',
  look({ subject: { deployment } }) {
    if (!deployment?.papers) return skipped('it is written once the candidate is built');
    const path = deployment.papers.find((name) => name.endsWith(paper));
    return path === undefined
      ? failed(`${paper} was not written`, 'start the deployment anew: its papers are written in staging')
      : passed(path);
  },
};
