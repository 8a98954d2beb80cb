import { readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { systemProcesses } from '../../providers/runtime/processes.ts';
import { lookSchema } from '../../src/domain/verification.ts';
import { type Greeter, makeGreeter } from '../harness/greeter.ts';
import { gitIn } from '../harness/git-in.ts';
import { eventually } from '../harness/http.ts';

let greeter: Greeter | undefined;

afterEach(async () => {
  const over = greeter;
  greeter = undefined;
  await over?.journey.close();
});

const short = (later: string) => `    verification: { soon: 5s, later: ${later}, every: 200ms }\n`;

/** Pids of the verifiers that this journey started, as the system lists them. */
function verifiers({ journey }: Greeter): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes('verifier.js') && line.includes(journey.repository) ? [Number(pid)] : [];
      } catch {
        return [];
      }
    });
}

async function deployed(later: string): Promise<{ at: Greeter; id: string; read: (name: string) => string }> {
  greeter = await makeGreeter({ more: short(later), steps: '[100]', duration: '200ms' });
  const at = greeter;
  at.journey.env['ORCHESTRA_VERIFICATION'] = 'on';
  const { code, lines } = await at.journey.run('deploy', '--version', 'v1', '--yes', '--json');
  expect(code).toBe(0);
  const id = lines.at(-1)?.deployment ?? '';
  const read = (name: string) => {
    try {
      return readFileSync(path.join(at.journey.memory, 'history', id, name), 'utf8');
    } catch {
      return '';
    }
  };
  return { at, id, read };
}

const looks = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => lookSchema.parse(JSON.parse(line)));

it('C7 Orchestra looks after what it deployed until its time is over, writes what it saw, and leaves no process', async () => {
  const { at, read } = await deployed('8s');
  await eventually(() => read('VERIFICATION.md').includes('its time is over'), 'the time is over', 20_000);
  await eventually(() => verifiers(at).length === 0, 'no verifier is left', 10_000);
  const seen = looks(read('verification.ndjson'));
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.at(-1)?.places[0]?.copies).toMatchObject([{ healthy: true }]);
  const { stdout } = await at.journey.run('status');
  expect(stdout).toContain('all well');
});

it('a verifier that was killed is started again by the next command, and goes on with what it had', async () => {
  const { at, read } = await deployed('60s');
  await eventually(() => looks(read('verification.ndjson')).length > 0, 'a first look', 20_000);
  const [pid = 0] = verifiers(at);
  process.kill(pid, 'SIGKILL');
  await eventually(() => verifiers(at).length === 0, 'the verifier is gone', 10_000);
  const before = looks(read('verification.ndjson'));
  await at.journey.run('status');
  await eventually(() => verifiers(at).length === 1, 'another verifier runs', 20_000);
  await eventually(() => looks(read('verification.ndjson')).length > before.length, 'it goes on', 20_000);
  expect(looks(read('verification.ndjson'))[0]).toEqual(before[0]);
  expect(verifiers(at)).not.toContain(pid);
  // Another command starts none beside it.
  await at.journey.run('status');
  expect(verifiers(at)).toHaveLength(1);
  renameSync(at.journey.memory, `${at.journey.memory}-gone`);
  await eventually(() => verifiers(at).length === 0, 'none is left without a memory', 30_000);
});

it('ends where another version serves; a finding is told with the way back, by status and by `deploy verify` with 1', async () => {
  const { at, read } = await deployed('60s');
  await eventually(() => looks(read('verification.ndjson')).length > 1, 'two looks', 20_000);
  const well = await at.journey.run('deploy', 'verify', '--json');
  expect(well.code).toBe(0);
  const pid = looks(read('verification.ndjson'))[0]?.places[0]?.copies[0]?.pid ?? 0;
  expect(
    systemProcesses.isAlive({
      pid,
      startTime: looks(read('verification.ndjson'))[0]?.places[0]?.copies[0]?.startTime ?? '',
    }),
  ).toBe(true);
  process.kill(pid, 'SIGKILL');
  await eventually(
    () => read('VERIFICATION.md').includes('0 of 1 copy healthy'),
    'the finding is written',
    20_000,
  );
  const bad = await at.journey.run('deploy', 'verify');
  expect(bad.code).toBe(1);
  expect(bad.stdout).toContain('to go back: orchestrate deploy rollback --env production');
  expect((await at.journey.run('status')).stdout).toContain('a finding');
  at.version('v2');
  gitIn(at.journey.repository).run('update-ref', 'refs/orchestra/deployed/production', 'v2');
  await eventually(
    () => read('VERIFICATION.md').includes('another version serves'),
    'it ends for the next version',
    30_000,
  );
  await eventually(() => verifiers(at).length === 0, 'no verifier is left', 10_000);
});
