import type { SideNumbers } from '../../src/domain/phase-sides.ts';

/** Percent that failed, to two digits. */
export function rateText(rate: number | undefined): string {
  return rate === undefined ? '–' : `${rate.toFixed(2)} %`;
}

/** A latency in milliseconds. */
export function latencyText(ms: number | undefined): string {
  return ms === undefined ? '–' : ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

/** What one version did, in a line. */
export function sidesText({ requests, errorRate, p95 }: SideNumbers): string {
  return `${requests.toLocaleString('en')} requests, ${rateText(errorRate)} failed, p95 ${latencyText(p95)}`;
}
