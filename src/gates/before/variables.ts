import { needed } from '../needed-variables.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

/** Everything that is filled in from outside has a value where the deployment runs (REQUIREMENTS G1). No value is ever read. */
export const variables: Gate = {
  id: 'variables',
  title: 'variables and secrets are present',
  when: 'before',
  look({ subject: { plan }, ports }) {
    const all = needed(plan);
    if (all.size === 0) return skipped('nothing is filled in from outside');
    const missing = [...all].filter(([name]) => !ports.machine.hasVariable(name));
    if (missing.length === 0)
      return passed(`${all.size} of ${all.size} are set: ${[...all.keys()].join(', ')}`);
    return failed(
      `${missing.length} of ${all.size} not set: ${missing.map(([name, where]) => `${name} (for ${where})`).join(', ')}`,
      `set ${missing.map(([name]) => name).join(', ')} in the environment of the command and try again`,
    );
  },
};
