import { oddsWords } from '../../domain/odds.ts';
import { formatSize } from '../../domain/size-setting.ts';
import type { Verdict } from '../../domain/verdict.ts';

type Unit = 'count' | 'percent' | 'ms' | 'size' | 'odds';

/** The numbers of a verdict as people know them. */
const numbers = new Map<string, readonly [string, Unit]>([
  ['requests', ['Requests to the new version that were looked at', 'count']],
  ['errors', ['Errors among them', 'count']],
  ['errorRate', ['Error rate of the new version', 'percent']],
  ['stableRequests', ['Requests to the old version at the same time', 'count']],
  ['stableErrorRate', ['Error rate of the old version', 'percent']],
  ['baselineErrorRate', ['Error rate with the flag at 0 %', 'percent']],
  ['candidateP95', ['p95 of the new version', 'ms']],
  ['stableP95', ['p95 of the old version', 'ms']],
  ['p95', ['p95 of the new version', 'ms']],
  ['increase', ['Increase', 'percent']],
  ['change', ['Change', 'percent']],
  ['unhealthy', ['Health checks that failed', 'percent']],
  ['healthy', ['Copies that answered their health check', 'count']],
  ['probes', ['Health checks', 'count']],
  ['memory', ['Memory of the new version', 'size']],
  ['memoryLimit', ['Memory it may hold', 'size']],
  ['stableMemory', ['Memory of the old version', 'size']],
  ['candidate', ['New version', 'count']],
  ['stable', ['Old version', 'count']],
  ['baseline', ['Before', 'count']],
  ['evidence', ['Evidence that it fails more often than with the flag at 0 %', 'odds']],
  ['errorEvidence', ['Evidence that it fails more often than the old version', 'odds']],
  ['latencyEvidence', ['Evidence that it is slower than the old version', 'odds']],
  ['evidenceBound', ['Evidence that is enough to act', 'odds']],
  ['comparedRequests', ['Requests to the new version, side by side', 'count']],
  ['comparedFailures', ['Errors among those', 'count']],
  ['comparedStableRequests', ['Requests to the old version, side by side', 'count']],
  ['comparedStableFailures', ['Errors among those of the old version', 'count']],
]);

/** A number with four digits behind the point at most; the journal has all of them. */
const few = (value: number) => String(Math.round(value * 10_000) / 10_000);

function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'count':
      return few(value);
    case 'percent':
      return `${Math.round(value * 100) / 100} %`;
    case 'ms':
      return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
    case 'size':
      return formatSize(value);
    case 'odds':
      return oddsWords(value);
    default:
      return unit satisfies never;
  }
}

/** The numbers behind a verdict with their names and units; one that is not known here keeps its name, as words. */
export function verdictNumbers({ data }: Verdict): { name: string; value: string }[] {
  return Object.entries(data).flatMap(([key, value]) => {
    if (value === null) return [];
    const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    const [name, unit] = numbers.get(key) ?? [words, 'count'];
    return [{ name, value: typeof value === 'number' ? valueText(value, unit) : value }];
  });
}

const rules = new Map([
  ['error-rate', 'the limit of errors'],
  ['error-evidence', 'the comparison of errors, side by side with the old version'],
  ['baseline-evidence', 'the comparison of errors with those before its flag was raised'],
  ['latency', 'the limit of latency'],
  ['latency-evidence', 'the comparison of latency, side by side with the old version'],
  ['health', 'the health check'],
  ['memory', 'the limit of memory'],
  ['sample', 'the fewest requests that it takes to judge'],
  ['measurement', 'the readings, which failed'],
]);

/** What spoke, in words: `the limit of errors`, `the measure orders`. */
export function ruleWords(rule: string): string {
  return rules.get(rule) ?? (rule.startsWith('measure:') ? `the measure ${rule.slice(8)}` : rule);
}
