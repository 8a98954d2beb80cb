import { lastReadings } from '../../domain/last-phase.ts';
import { numbersOf } from '../../domain/place-state.ts';
import { candidatePlaces, saidOf } from '../../domain/places.ts';
import type { PlacePlan } from '../../domain/plan.ts';
import { formatSize, parseSize } from '../../domain/size-setting.ts';
import type { Instance } from '../../ports/platform.ts';
import { failed, passed, skipped } from '../gate.ts';
import { afterRollout, type RolledOut } from './rolled-out.ts';

/** Two looks at the processor time of a copy are so far apart, in milliseconds. */
const cpuMs = 1000;

/** So much more memory than stable is no harm, whatever its percentage: a runtime that warms up takes that much. */
const tolerance = 64 * 1024 ** 2;

/** One thing that was looked at: within what it may, beyond it, or only told. */
interface Look {
  holds: boolean;
  said: string;
}

/** The candidate holds no more memory, processor and open files than it may (REQUIREMENTS G3). */
export const resources = afterRollout(
  { id: 'resources', title: 'it takes no more than it may' },
  async (context) => {
    const { plan } = context.deployment;
    const looks: Look[] = [];
    for (const place of candidatePlaces(plan)) {
      const all = [memoryIn(context, place), ...(await usageIn(context, place))];
      looks.push(
        ...all.flatMap((look) => (look ? [{ ...look, said: saidOf(plan, place.key, look.said) }] : [])),
      );
    }
    if (looks.length === 0) return skipped('neither memory nor processor time can be seen here');
    const over = looks.filter(({ holds }) => !holds);
    const said = (of: readonly Look[]) => of.map((look) => look.said).join('; ');
    return over.length > 0
      ? failed(
          said(over),
          'see what it keeps and what it is busy with; what it may take is thresholds.memory_limit and gates.resources',
        )
      : passed(said(looks));
  },
);

/** The newest reading of its memory, against its limit, else against stable's most during this rollout. */
function memoryIn({ deployment, settings }: RolledOut, { key }: PlacePlan): Look | undefined {
  const own = lastReadings(deployment, key).at(-1)?.memory?.candidate;
  if (own === undefined) return undefined;
  const { memory, memory_increase: increase } = settings.resources;
  const limit =
    (memory === undefined ? undefined : parseSize(memory)) ?? deployment.plan.triggers.memoryLimitBytes;
  if (limit !== undefined)
    return { holds: own <= limit, said: `memory ${formatSize(own)}, ${formatSize(limit)} is the limit` };
  const before = numbersOf(deployment, key).samples.flatMap(({ memory: held }) => held?.stable ?? []);
  if (before.length === 0)
    return { holds: true, said: `memory ${formatSize(own)}, with nothing to compare it with` };
  const most = before.reduce((a, b) => Math.max(a, b), 0);
  return {
    holds: own <= most * (1 + increase / 100) || own - most <= tolerance,
    said: `memory ${formatSize(own)}, stable’s was at most ${formatSize(most)}`,
  };
}

/** Processor time over a second and open files, of the copy that takes the most of each. */
async function usageIn(
  { running: { platform }, version, ports: { clock }, settings, signal }: RolledOut,
  { key }: PlacePlan,
): Promise<Look[]> {
  if (!platform.usage) return [];
  const copies = (await platform.running(key)).filter(({ version: { sha } }) => sha === version.sha);
  const look = async (copy: Instance) => platform.usage?.(copy);
  const first = await Promise.all(copies.map(look));
  const begun = clock.now().getTime();
  await clock.sleep(cpuMs, signal);
  const elapsed = clock.now().getTime() - begun;
  const second = await Promise.all(copies.map(look));
  const { cpu: most, open_files: share } = settings.resources;
  const shares = second.flatMap((now, i) => {
    const before = first[i];
    return now && before && elapsed > 0 ? [(100 * (now.cpuMs - before.cpuMs)) / elapsed] : [];
  });
  const files = second
    .flatMap((now) => now?.openFiles ?? [])
    .toSorted((a, b) => b.open / b.limit - a.open / a.limit)[0];
  const looks: Look[] = [];
  if (shares.length > 0) {
    const busiest = Math.max(0, Math.round(Math.max(...shares)));
    looks.push({
      holds: most === undefined || busiest <= most,
      said: `processor ${busiest} %${most === undefined ? '' : `, ${most} % is the limit`}`,
    });
  }
  if (files)
    looks.push({
      holds: files.open <= (files.limit * share) / 100,
      said: `${files.open} of ${files.limit} files open`,
    });
  return looks;
}
