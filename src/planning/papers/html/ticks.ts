import { formatDuration } from '../../../domain/duration.ts';

/** Marks of an axis from 0 to at least `most`, three to six of them, 1, 2 or 5 times a power of ten apart. */
export function ticksOf(most: number): number[] {
  if (!(most > 0) || !Number.isFinite(most)) return [0, 1];
  const power = 10 ** Math.floor(Math.log10(most / 3));
  const step = ([1, 2, 5, 10].find((times) => most / (times * power) <= 5) ?? 10) * power;
  const count = Math.ceil(most / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * step).toPrecision(6)));
}

const [second, minute, hour] = [1000, 60_000, 3_600_000];
const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * second),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * minute),
  ...[1, 2, 4, 6, 12, 24].map((n) => n * hour),
];

/** Marks of an axis of time from 0 to `lastMs`, at most six, at times that people know. */
export function timeTicks(lastMs: number): { ms: number; text: string }[] {
  const step = steps.find((one) => lastMs / one <= 5) ?? Math.ceil(lastMs / 5 / hour) * hour;
  const marks: { ms: number; text: string }[] = [];
  for (let ms = 0; ms <= lastMs + 1e-6; ms += step)
    marks.push({ ms, text: ms === 0 ? '0' : formatDuration(ms) });
  return marks;
}
