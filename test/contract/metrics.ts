import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../providers/runtime/clock.ts';
import { createRunner } from '../../providers/runtime/runner.ts';
import { createMeasures } from '../../providers/metrics/measures.ts';
import type { MeasurePlan, SideReading } from '../../src/domain/measure.ts';
import type { MeasureContext } from '../../src/domain/placeholders.ts';
import { eventually } from '../harness/http.ts';
import { measureContext } from '../harness/measure.ts';

/** What a source says of a version, as it writes numbers: `12.5`, `NaN`, `+Inf`, `-3`; undefined for nothing. */
export type Said = string | undefined;

export interface SourceUnderTest {
  /** Asks for the number of one version, told by `{{sha}}` or `{{version}}`, with the token of `SOURCE_TOKEN`. */
  bySha: MeasurePlan;
  byName: MeasurePlan;
  /** Makes it say this of a version from now on. */
  say(version: MeasureContext['version'], said: Said): void;
  /** A source whose reading is of `ageMs` ago by its own clock; negative: of a time to come. */
  aged(ageMs: number): Promise<MeasurePlan>;
  /** One that answers with ten megabytes, with no number at all, and with an error that repeats the token it was sent. */
  flooding(): Promise<MeasurePlan>;
  babbling(): Promise<MeasurePlan>;
  telling(): Promise<MeasurePlan>;
  /** It takes questions and answers none, from now on. */
  hang(): Promise<void> | void;
  /** It is gone, from now on. */
  end(): Promise<void>;
  close(): Promise<void>;
}

const token = 'tok-3b1f-very-secret';
const candidate = { sha: 'b'.repeat(40), name: 'v2' };
const stable = { sha: 'a'.repeat(40), name: 'v1' };
const nobody = { sha: 'c'.repeat(40), name: 'v0' };
/** Would read everybody's numbers, or run a program, where it were pasted into a query or a command line. */
const hostile = { sha: 'd'.repeat(40), name: `v"} or vector(666) # '; echo 666 \\ $(echo 666)/../?&=%` };
const pattern = { sha: 'e'.repeat(40), name: '.*' };

/** What every metric source owes (REQUIREMENTS P10), against the real thing. `skipped` where its program is not installed. */
export function metricsContract(name: string, open: () => Promise<SourceUnderTest>, skipped?: string): void {
  describe(`${name} keeps the metric source contract`, () => {
    let under: SourceUnderTest;
    let opened: SourceUnderTest | undefined;
    const measures = createMeasures({
      runner: createRunner(),
      cwd: process.cwd(),
      clock: systemClock,
      environment: { SOURCE_TOKEN: token },
    });
    const read = (version: MeasureContext['version'], plan = under.bySha, timeoutMs = 5000) =>
      measures.read({ ...plan, timeoutMs }, measureContext({ version }));
    /** Reads until the source has taken over what it was told. */
    async function comesToSay(
      version: MeasureContext['version'],
      said: Said,
      sound: (reading: SideReading) => boolean,
      plan = under.bySha,
    ): Promise<SideReading> {
      under.say(version, said);
      let reading = await read(version, plan);
      await eventually(async () => sound((reading = await read(version, plan))), `it says ${said}`);
      return reading;
    }
    const value = (wanted: number) => (reading: SideReading) =>
      reading.kind === 'value' && reading.value === wanted;

    beforeAll(async () => {
      if (skipped === undefined) opened = under = await open();
    });
    beforeEach(({ skip }) => skip(skipped !== undefined, skipped));
    afterAll(() => opened?.close());

    it('P10 reads the number of each version apart, with its time', async () => {
      under.say(stable, '100');
      const reading = await comesToSay(candidate, '12.5', value(12.5));
      await comesToSay(stable, '100', value(100));
      const at = reading.kind === 'value' ? Date.parse(reading.at) : 0;
      expect(Math.abs(Date.now() - at)).toBeLessThan(10_000);
    });

    it('reads zero as a number and not as nothing', async () => {
      expect(await comesToSay(candidate, '0', value(0))).toMatchObject({ kind: 'value', value: 0 });
    });

    it('says that there is no data for a version it knows nothing of', async () => {
      expect(await read(nobody)).toMatchObject({ kind: 'no-data' });
    });

    it('says that there is no data once it has nothing more to say', async () => {
      await comesToSay(candidate, '5', value(5));
      const reading = await comesToSay(candidate, undefined, (r) => r.kind !== 'value');
      expect(reading).toMatchObject({ kind: 'no-data' });
    });

    it.each([
      ['NaN', 'no-data', /NaN/],
      ['+Inf', 'error', /infinite/],
      ['-3', 'error', /negative/],
    ])('never takes %s for a number', async (said, kind, reason) => {
      const reading = await comesToSay(candidate, said, (r) => 'reason' in r && reason.test(r.reason));
      expect(reading.kind).toBe(kind);
    });

    it('reads a version whose name would be code, and only that one', async () => {
      under.say(stable, '100');
      expect(await comesToSay(hostile, '7', value(7), under.byName)).toMatchObject({ value: 7 });
      expect(await read(pattern, under.byName)).toMatchObject({ kind: 'no-data' });
    });

    it('takes an old reading for no data, and one from the future for an error', async () => {
      expect(await read(candidate, await under.aged(120_000))).toMatchObject({
        kind: 'no-data',
        reason: expect.stringMatching(/2 min old/),
      });
      expect(await read(candidate, await under.aged(-120_000))).toMatchObject({
        kind: 'error',
        reason: expect.stringMatching(/future/),
      });
      expect(await read(candidate, await under.aged(1000))).toMatchObject({ kind: 'value' });
    });

    it('does not swallow an answer of ten megabytes', async () => {
      expect(await read(candidate, await under.flooding())).toMatchObject({
        kind: 'error',
        reason: expect.stringMatching(/1000000 bytes/),
      });
    });

    it('takes an answer without a number for an error', async () => {
      expect(await read(candidate, await under.babbling())).toMatchObject({ kind: 'error' });
    });

    it('E3 never repeats a token, whatever it is told', async () => {
      const reading = await read(candidate, await under.telling());
      expect(reading).toMatchObject({ kind: 'error' });
      expect(JSON.stringify(reading)).not.toContain(token.slice(4));
    });

    it('names the variable that a token is missing from, and asks nobody', async () => {
      const without = createMeasures({
        runner: createRunner(),
        cwd: process.cwd(),
        clock: systemClock,
        environment: {},
      });
      expect(await without.read(await under.telling(), measureContext())).toMatchObject({
        kind: 'error',
        reason: expect.stringContaining('SOURCE_TOKEN'),
      });
    });

    it('gives up on a source that hangs', async () => {
      await under.hang();
      let reading = await read(candidate, under.bySha, 300);
      // A process that is told to stop may still answer once.
      const gaveUp = () => 'reason' in reading && reading.reason.includes('within 300 ms');
      await eventually(async () => {
        if (!gaveUp()) reading = await read(candidate, under.bySha, 300);
        return gaveUp();
      }, 'it hangs');
      expect(reading.kind).toBe('error');
    });

    it('says why a source that is gone could not be asked', async () => {
      await under.end();
      const reading = await read(candidate);
      expect(reading).toMatchObject({ kind: 'error' });
      expect('reason' in reading ? reading.reason.length : 0).toBeGreaterThan(5);
    });
  });
}
