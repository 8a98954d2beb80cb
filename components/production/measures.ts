import type { Deployment } from '../../src/domain/deployment.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { verdictTone } from '../deployment-text.ts';
import { fit } from '../fit.ts';
import { type Line, span } from '../theme.ts';

/** The plan's own measures, a line each: whether it decides, and what its newest reading means. */
export function measureLines({ plan, measures }: Deployment, width: number): Line[] {
  return (plan.measures ?? []).map(({ name, dryRun, business }) => {
    const verdict = measures.find((state) => state.name === name)?.last?.verdict;
    const kind = dryRun ? 'dry run' : business ? 'business' : 'decides';
    const said = verdict ? `${verdict.kind}: ${verdict.reason.replace(`${name}: `, '')}` : 'not read yet';
    return [
      span(fit(safeText(name), 16), 'plain', true),
      span(fit(kind, 10), 'quiet'),
      span(fit(safeText(said), Math.max(10, width - 26)), verdict ? verdictTone(verdict) : 'quiet'),
    ];
  });
}
