import { describe, expect, it } from 'vitest';
import { createMeasures } from '../../../providers/metrics/measures.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { createRunner } from '../../../providers/runtime/runner.ts';
import { measure, measureContext } from '../../harness/measure.ts';
import { startUpstream } from '../../harness/upstream.ts';

const reader = (environment: Record<string, string>) =>
  createMeasures({ runner: createRunner(), cwd: process.cwd(), clock: systemClock, environment });

const script = (text: string, env: string[] = []) =>
  measure({ source: { kind: 'command', run: [process.execPath, '-e', text], env } });

describe('measures', () => {
  it('E3 keeps a token out of the reason when it is no header', async () => {
    const plan = measure({ source: { kind: 'http', url: 'http://127.0.0.1:9/', tokenEnv: 'TOKEN' } });
    const reading = await reader({ TOKEN: 'first-line\nsecond-line' }).read(plan, measureContext());
    expect(reading).toMatchObject({ kind: 'error' });
    expect(JSON.stringify(reading)).not.toMatch(/first-line|second-line/);
  });

  it('E3 cuts a token out before it shortens what was said', async () => {
    const secret = 's3cr3t'.repeat(20);
    const plan = script(`console.error('x'.repeat(250) + process.env.TOKEN); process.exit(1)`, ['TOKEN']);
    const reading = await reader({ TOKEN: secret }).read(plan, measureContext());
    expect(JSON.stringify(reading)).not.toContain('s3cr3t');
  });

  it('gives a command what it names and who is asked about, and nothing else of the environment', async () => {
    const names = `Object.keys(process.env).filter((n) => /ORCHESTRA_(?!RUN)|OTHER|NAMED/.test(n)).length`;
    const plan = script(`console.log(${names})`, ['NAMED']);
    const reading = await reader({ NAMED: 'yes', OTHER: 'no' }).read(plan, measureContext());
    expect(reading).toMatchObject({ kind: 'value', value: 9 });
  });

  it('says what a command that fails said last, safe to show', async () => {
    const plan = script(`console.log(5); console.error('\\u001b[31mno database\\u001b[0m'); process.exit(4)`);
    expect(await reader({}).read(plan, measureContext())).toEqual({
      kind: 'error',
      reason: expect.stringMatching(/exit code 4: .*no database/),
    });
    expect(JSON.stringify(await reader({}).read(plan, measureContext()))).not.toContain('\\u001b');
  });

  it('ends a program that takes too long, and says so', async () => {
    const plan = { ...script('setInterval(() => {}, 1000)'), timeoutMs: 200 };
    expect(await reader({}).read(plan, measureContext())).toMatchObject({
      kind: 'error',
      reason: expect.stringContaining('200 ms'),
    });
  });

  it('does not follow a redirect: the token stays where it was meant to go', async () => {
    const other = await startUpstream('other');
    const server = await startUpstream('server', (_, response) => {
      response.writeHead(302, { location: `http://127.0.0.1:${other.route.port}/` }).end();
    });
    const url = `http://127.0.0.1:${server.route.port}/`;
    const plan = measure({ source: { kind: 'http', url, tokenEnv: 'TOKEN' } });
    expect(await reader({ TOKEN: 'abc' }).read(plan, measureContext())).toMatchObject({
      kind: 'error',
      reason: expect.stringContaining('redirect'),
    });
    expect(other.seen).toEqual([]);
    await server.kill();
    await other.kill();
  });

  it('is no longer asked once the rollout leaves the phase', async () => {
    const abort = new AbortController();
    const reading = reader({}).read(script('setInterval(() => {}, 1000)'), measureContext(), abort.signal);
    abort.abort();
    expect(await reading).toMatchObject({ kind: 'error' });
  });
});
