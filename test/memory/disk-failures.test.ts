import { describe, expect, it } from 'vitest';
import { failWith, systemError } from '../../providers/runtime/failpoints.ts';
import { messageOf } from '../../src/domain/errors.ts';
import { count } from '../harness/counts.ts';
import { checkMemory } from '../harness/memory-check.ts';
import { liveLong, memoryIn, steppingClock, type Said } from '../harness/memory-life.ts';
import { asAfterwards, rubbish, simulatedMemory } from '../harness/simulated-memory.ts';

/** What needs room on the disk; a full one can still be read and tidied. */
const needsRoom = /^(?:create|write|tear|make-folders?|rename|link|copy|sync|datasync|sync-folder):/;

/** What takes something away. */
const tidies = /^(?:unlink|remove-all|remove-folder):/;

/** Everything but the state transitions, which are no operations. */
const onDisk = /^(?!event:)/;

interface Failing {
  code: 'ENOSPC' | 'EIO';
  /** Whether the disk stays so, or fails once. */
  forEver: boolean;
  /** Which operations can fail. */
  can: RegExp;
}

const failings: readonly Failing[] = [
  { code: 'ENOSPC', forEver: false, can: needsRoom },
  { code: 'ENOSPC', forEver: true, can: needsRoom },
  { code: 'EIO', forEver: false, can: onDisk },
  { code: 'EIO', forEver: true, can: onDisk },
];

/** Lives until an operation fails; what was acknowledged, which operation it was, and what came of it. */
async function liveUntil(at: number, { code, forEver, can }: Failing) {
  const { dir, disk } = await simulatedMemory();
  const said: Said[] = [];
  let reached = 0;
  let failed: string | undefined;
  failWith((point) => {
    if (!can.test(point)) return;
    reached += 1;
    if (forEver ? reached < at : reached !== at) return;
    failed ??= point;
    throw systemError(code, point);
  }, disk);
  const error = await liveLong(dir, 1, steppingClock('2026-11-21T10:15:00.000Z'), (one) =>
    said.push(one),
  ).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { dir, disk, said, failed, error };
}

describe('N4 a disk that fails', () => {
  it.each(failings)(
    'with $code at any operation (for ever: $forEver) loses nothing, acknowledges nothing it has not, and goes on when it works again',
    async (failing) => {
      const problems: string[] = [];
      let [calls, refused, looked] = [0, 0, 0];
      for (let at = 1; ; at += 1) {
        const { dir, disk, said, failed, error } = await liveUntil(at, failing);
        if (failed === undefined) break;
        calls += 1;
        const problem = (what: string) => problems.push(`${failing.code} at ${at}, ${failed}: ${what}`);
        if (error !== undefined) {
          refused += 1;
          if (!messageOf(error).includes(failing.code)) problem(`it is not said: ${messageOf(error)}`);
        }
        const tidy = failing.forEver || tidies.test(failed);
        for (const left of tidy ? [] : disk.paths().filter((name) => rubbish.test(name)))
          problem(`left over: ${left}`);
        // The process ends; another one comes when the disk works again.
        const then = asAfterwards({ dir, disk }, said);
        failWith(undefined, disk);
        const found = await checkMemory(then.dir, then.said, steppingClock('2026-11-21T12:00:00.000Z'));
        looked += found.looked;
        for (const what of found.problems) problem(what);
      }
      failWith(undefined);
      count(`disk ${failing.code}${failing.forEver ? ' for ever' : ' once'}`, {
        calls,
        'operations refused': refused,
        'acknowledged things looked for': looked,
        violations: problems.length,
      });
      expect(problems).toEqual([]);
      expect(calls).toBeGreaterThan(100);
      expect(refused).toBeGreaterThan(calls / 3);
    },
    600_000,
  );

  it('with EIO at a sync closes the journal for good: nobody knows what of it is on the disk', async () => {
    const { dir, disk } = await simulatedMemory();
    const { journals } = memoryIn(dir, steppingClock('2026-11-21T10:15:00.000Z'));
    failWith(undefined, disk);
    const first: Said[] = [];
    await liveLong(dir, 1, steppingClock('2026-11-21T10:15:00.000Z'), (one) => first.push(one));
    const id = await journals.claim(new Date('2026-11-21T11:00:00.000Z'));
    const requested = first.find((one) => one.kind === 'event');
    if (requested?.kind !== 'event') throw new TypeError('nothing was requested');
    const { seq: _seq, deployment: _id, at: _at, ...body } = requested.event;
    await journals.create(id, body, new Date('2026-11-21T11:00:00.000Z'));
    const journal = await journals.open(id);
    let fails = true;
    failWith((point) => {
      if (fails && point === 'datasync:journal.ndjson') throw systemError('EIO', point);
    }, disk);
    const append = () => journal.append([{ type: 'stage.started', stage: 'staging' }], new Date());
    await expect(append()).rejects.toMatchObject({ code: 'journal-write', exit: 74 });
    fails = false;
    await expect(append()).rejects.toMatchObject({ code: 'journal-write', exit: 74 });
    failWith(undefined);
  });
});
