import type { Deployment } from '../../src/domain/deployment.ts';
import { fewestRequests } from '../../src/domain/judge-evidence.ts';
import { latencyLogEvidence } from '../../src/domain/latency-evidence.ts';
import { oddsWords } from '../../src/domain/odds.ts';
import { logBound, logEvidence } from '../../src/domain/sequential.ts';
import { fit } from '../fit.ts';
import { gauge } from '../panes/pane.ts';
import { type Line, span } from '../theme.ts';

/**
 * The sequential test's evidence on its way to its bounds: that the candidate fails more often than stable, and that it is
 * slower. As odds against a candidate that is no worse; nothing where the comparison is off or nothing was compared yet.
 */
export function evidenceLines({ compared, plan, phases, phase }: Deployment, width: number): Line[] {
  const bound = logBound(plan.triggers.falseRollbackBudget);
  const { candidate } = compared.errors;
  if (!Number.isFinite(bound) || phases[phase]?.judged !== true || candidate.requests === 0) return [];
  const few = candidate.requests < fewestRequests;
  const line = (name: string, evidence: number, effect: string): Line => {
    const share = Math.max(0, Math.min(1, evidence / bound));
    const tone = share >= 1 ? 'bad' : share >= 0.5 ? 'warn' : 'ok';
    return [
      span(fit(name, 10), 'plain', true),
      span(gauge(share, Math.max(6, Math.min(24, width - 53))), tone),
      span(` ${fit(few ? 'too few requests' : oddsWords(evidence), 16)}`, few ? 'quiet' : tone),
      span(` ${effect} at ${oddsWords(bound)}`, 'quiet'),
    ];
  };
  return [
    line('worse?', logEvidence(compared.errors.ratios), 'rolls back'),
    ...(compared.latency ? [line('slower?', latencyLogEvidence(compared.latency), 'pauses')] : []),
  ];
}
