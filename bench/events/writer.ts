import path from 'node:path';
import { systemClock } from '../../providers/runtime/clock.ts';
import { systemProcesses } from '../../providers/runtime/processes.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { createEnvironmentLock } from '../../src/memory/environment-lock.ts';
import { createJournals } from '../../src/memory/journals.ts';
import { assemblePlan } from '../../src/strategies/plan.ts';

/**
 * A conductor that only journals: it holds the environment's lock, writes a deployment's journal the way a real one does, and
 * says on stdout when it began to write each numbered event. Arguments: the memory's folder, the state folder. On stdin, a
 * line each: `one` writes an event, `rate N S` N a second for S seconds, `end` finishes.
 */
const [memory = '', state = ''] = process.argv.slice(2);
const environment = 'production';
const journals = createJournals({ dir: memory, clock: systemClock, onProblem: () => undefined });
const lock = createEnvironmentLock({
  folder: (name) => path.join(state, 'env', name),
  clock: systemClock,
  processes: systemProcesses,
});
const owner = { name: 'Bench', face: 'cli', pid: process.pid } as const;

const settings = settingsSchema.parse({
  version: 1,
  project: 'bench',
  services: { web: { start: 'node server.js' } },
  environments: { production: { port: 65_000, strategy: 'canary' } },
});
const target = settings.environments[environment];
if (!target) throw new TypeError('the environment was just parsed');
const plan = assemblePlan({
  settings,
  settingsHash: 'bench',
  environment,
  target,
  kind: 'deploy',
  stable: 'v1',
  candidate: 'v2',
  flag: undefined,
  risk: 'low',
  autoRollbackThreshold: 5,
  productionBranch: undefined,
});

const version = (name: string, digit: string) => ({ name, sha: digit.repeat(40) });
const entry = await lock.acquire({ environment, owner, reason: 'a bench' }, async () => false);
const id = await journals.claim(new Date());
await lock.assign(entry, id);
await journals.create(
  id,
  {
    type: 'deployment.requested',
    environment,
    kind: 'deploy',
    by: owner,
    stable: version('v1', '1'),
    source: { kind: 'version', ref: 'v2', sha: '2'.repeat(40), features: [] },
    plan,
    through: 'learning',
    unattended: false,
  },
  new Date(),
);
const { fence } = await lock.takeOver(environment, id, owner);
const journal = await journals.open(id);
const write = (...bodies: EventBody[]) => journal.append(bodies, new Date());
await write(
  { type: 'conductor.started', ...systemProcesses.self(), fence, recovery: 'fresh', reason: 'a bench' },
  { type: 'stage.started', stage: 'production' },
  { type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 },
);

/** Milliseconds since the epoch, finer than `Date.now`; the same clock in every process of the machine. */
const now = () => performance.timeOrigin + performance.now();
let count = 0;

/** One event that shows its number, and in between the readings that a real rollout is full of. */
async function one(): Promise<void> {
  count++;
  const word = `tick-${String(count).padStart(6, '0')}`;
  const at = now();
  await write({ type: 'measurement.failed', phase: 0, reason: word });
  process.stdout.write(`${word} ${at}\n`);
}

async function rate(perSecond: number, seconds: number): Promise<void> {
  const began = now();
  for (let written = 0; written < perSecond * seconds; written++) {
    const due = began + (written * 1000) / perSecond;
    if (due > now()) await systemClock.sleep(due - now());
    await one();
  }
  process.stdout.write(`rate-done ${count} ${now() - began}\n`);
}

process.stdout.write(`ready ${id}\n`);
let rest = '';
for await (const chunk of process.stdin) {
  rest += String(chunk);
  const lines = rest.split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const [word, ...numbers] = line.split(' ');
    if (word === 'one') await one();
    else if (word === 'rate') await rate(Number(numbers[0]), Number(numbers[1]));
    else if (word === 'end') process.exit(0);
  }
}
