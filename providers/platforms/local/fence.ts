import { join } from 'node:path';
import { z } from 'zod';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { withRankedLock } from '../../runtime/ranked-lock.ts';
import { readState, writeState } from '../../runtime/state-file.ts';

const fenceSchema = z.object({ fence: z.number() });

/**
 * Lets pass who holds the highest fencing token seen in this environment, and remembers it. Throws code `fenced` (5)
 * for a lower one: its lock was taken over, so it must not act any more.
 */
export async function passFence(folder: string, fence: number, clock: Clock): Promise<void> {
  const path = join(folder, 'fence.json');
  await withRankedLock({ dir: join(folder, 'locks', 'fence'), clock }, async () => {
    const seen = (await readState(path, fenceSchema))?.fence ?? Number.NEGATIVE_INFINITY;
    if (fence < seen)
      throw new OrchestraError('fenced', `fencing token ${fence} is out of date: ${seen} was seen already`, {
        hint: 'Another conductor took over this environment; nothing was changed.',
        exit: exitCode.locked,
        details: { fence, seen },
      });
    if (fence > seen) await writeState(path, { fence });
  });
}
