import type { Deployment } from './deployment.ts';
import { agreed } from './judge-measure.ts';
import { errorsOf, histogramOf, quantile, since, type Counts, type Sample } from './sample.ts';
import type { Decision } from './verdict.ts';

/** A phase that a person decides has ended well: both sides' numbers in it, the measures among them. */
export function resultFor(d: Deployment, decision: Decision, now: Sample): Decision {
  const phase = d.phases[d.phase];
  const before = d.samples.findLast(({ at }) => at < (phase?.weightAt ?? now.at));
  const candidate = since(before?.candidate, now.candidate);
  const stable = now.stable && since((before ?? d.samples[0])?.stable, now.stable);
  const said = agreed(d, {
    ...decision,
    verdict: { ...decision.verdict, reason: numbers('candidate', candidate) },
  });
  const reason = `${phase?.name ?? 'the phase'} is over, a person decides. ${stable ? `${numbers('stable', stable)}; ` : ''}${said.verdict.reason}`;
  return { kind: 'pause', verdict: { ...decision.verdict, rule: 'asks', reason } };
}

function numbers(side: string, counts: Counts): string {
  const { requests } = counts;
  const errors = errorsOf(counts);
  const rate = requests === 0 ? 0 : (100 * errors) / requests;
  const p95 = quantile(histogramOf(counts), 0.95);
  return `${side}: ${requests.toLocaleString('en')} requests, ${Number(rate.toPrecision(2))} % failed, p95 ${p95 === undefined ? 'unknown' : `${Math.round(p95)} ms`}`;
}
