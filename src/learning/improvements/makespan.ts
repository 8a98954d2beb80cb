import type { SuiteSettings } from '../../domain/settings.ts';

/**
 * Milliseconds until all suites are done, each taking what it usually takes, `parallel` of them at once: begun in their order,
 * each as soon as those it needs are over and one of the places is free, as they are run. Pure.
 */
export function testingTime(
  suites: readonly Pick<SuiteSettings, 'name' | 'needs'>[],
  usualMs: ReadonlyMap<string, number>,
  parallel: number,
): number {
  const endOf = new Map<string, number>();
  const places = Array.from({ length: Math.max(1, parallel) }, () => 0);
  let left = [...suites];
  let now = 0;
  while (left.length > 0) {
    const free = places.findIndex((until) => until <= now);
    const ready = left.find(({ needs }) => needs.every((name) => (endOf.get(name) ?? Infinity) <= now));
    if (free >= 0 && ready) {
      const end = now + (usualMs.get(ready.name) ?? 0);
      places[free] = end;
      endOf.set(ready.name, end);
      left = left.filter((one) => one !== ready);
      continue;
    }
    const next = Math.min(...[...places, ...endOf.values()].filter((at) => at > now));
    // Suites that need themselves are refused where settings are read; whatever else never begins takes no time.
    if (!Number.isFinite(next)) break;
    now = next;
  }
  return Math.max(0, ...endOf.values());
}
