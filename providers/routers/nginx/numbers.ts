import { z } from 'zod';
import { bucketOf, type Counts, countsSchema, emptyCounts } from '../../../src/domain/sample.ts';

/** A user who leaves after this much silence was failed by the version, not merely gone. */
const patienceMs = 5_000;
/** Answers that broke off, whose line in the access log was not read yet. */
const mostBroken = 1_000;

/** What the log's lines amount to, by lane, and the connections on which an answer broke off. */
export const numbersSchema = z.object({
  lanes: z.record(z.string(), countsSchema),
  broken: z.array(z.string()),
});
export type Numbers = z.infer<typeof numbersSchema>;

/**
 * The connections of an error log's lines on which a version broke off in the middle of its answer. Only the beginning of a
 * line is looked at: what follows holds texts of users.
 */
export function brokenOff(lines: readonly string[]): string[] {
  return lines.flatMap(
    (line) =>
      /^\d{4}\/\d\d\/\d\d [\d:]{8} \[error\] \d+#\d+: \*(\d+) (?:upstream prematurely closed connection|recv\(\) failed \([^)]{1,80}\)|upstream timed out \([^)]{1,80}\)|upstream sent [a-z ]{1,40}) while (?:reading|processing) upstream,/.exec(
        line,
      )?.[1] ?? [],
  );
}

/**
 * The numbers with an access log's lines (`log_format numbers`): each attempt counts for the version it went to, so a request
 * that was sent on to another counts at both, as a failure at the first.
 */
export function countLines(before: Numbers, access: readonly string[], errors: readonly string[]): Numbers {
  const lanes = new Map(
    Object.entries(before.lanes).map(([lane, counts]) => [lane, structuredClone(counts)]),
  );
  const broken = new Set([...before.broken, ...brokenOff(errors)]);
  // A connection ends with the answer that broke off, so it is the last of its lines.
  const last = new Map<string, number>();
  for (const [i, line] of access.entries()) {
    const connection = line.split('\t', 2)[1] ?? '';
    if (broken.has(connection)) last.set(connection, i);
  }
  const cut = new Set(last.values());
  for (const [i, line] of access.entries()) count(lanes, line, cut.has(i));
  for (const connection of last.keys()) broken.delete(connection);
  return { lanes: Object.fromEntries(lanes), broken: [...broken].slice(-mostBroken) };
}

function count(lanes: Map<string, Counts>, line: string, brokeOff: boolean): void {
  const fields = line.split('\t');
  if (fields.length !== 9) return;
  const [versions = '', , status, , completion, addresses = '', ...rest] = fields;
  const [statuses = [], headerTimes = [], times = []] = rest.map(attempts);
  const to = attempts(addresses);
  for (const [i, address] of to.entries()) {
    const lane = laneOf(versions, address);
    if (lane === undefined) continue;
    const counts = lanes.get(lane) ?? emptyCounts();
    lanes.set(lane, counts);
    counts.requests++;
    const isLast = i === to.length - 1;
    const ms = Number(times[i]) * 1000;
    const answered = /^\d/.test(headerTimes[i] ?? '');
    if (!answered) {
      const userLeft = isLast && status === '499';
      if (!userLeft || ms > patienceMs) counts.failures++;
      continue;
    }
    if (isLast && brokeOff) {
      counts.failures++;
      continue;
    }
    const kind = Math.floor(Number(statuses[i]) / 100);
    if (kind >= 1 && kind <= 5) counts.status[indexOf(kind)]++;
    // A tunnel lasts as long as its ends want; the time of a part says nothing.
    if (completion !== 'OK' || statuses[i] === '101' || !Number.isFinite(ms)) continue;
    const bucket = String(bucketOf(ms));
    counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1;
  }
}

function indexOf(kind: number): 0 | 1 | 2 | 3 | 4 {
  return kind === 1 ? 0 : kind === 2 ? 1 : kind === 3 ? 2 : kind === 4 ? 3 : 4;
}

/** nginx writes one value for each attempt, `, ` between them, ` : ` where it began anew within itself. */
function attempts(field: string): string[] {
  return field === '-' || field === '' ? [] : field.split(/, | : /);
}

/** Whose address it was when the line was written: `v1=127.0.0.1:80,127.0.0.1:81;v2=…`. */
function laneOf(versions: string, address: string): string | undefined {
  for (const version of versions.split(';')) {
    const [lane, all = ''] = version.split('=');
    if (all.split(',').includes(address)) return lane;
  }
  return undefined;
}
