import { openAuditTrail } from '../../../src/memory/audit-trail.ts';

// Writes `times` entries of its own, one after the other.
const [dir = '', head = '', name = '', times = '1'] = process.argv.slice(2);
const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
const trail = openAuditTrail({ dir, head, clock, onProblem: (line) => process.stderr.write(`${line}\n`) });
for (let i = 0; i < Number(times); i += 1)
  await trail.record({ action: 'selection.saved', who: { name, face: 'cli' }, subject: `${name}-${i}` });
