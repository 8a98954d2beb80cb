import type { Deployment } from '../../src/domain/deployment.ts';
import { placeRows } from '../../src/domain/place-rows.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit } from '../fit.ts';
import { type Line, span } from '../theme.ts';

/** The candidate in each place, a line each: its share, requests, errors and p95; none where there is only one place. */
export function placeLines(deployment: Deployment, width: number): Line[] {
  return placeRows(deployment).map((row) => {
    const share = row.weight.actual === undefined ? '–' : `${Math.round(row.weight.actual)} %`;
    const errors = row.requests === 0 ? '–' : `${((100 * row.errors) / row.requests).toFixed(2)} %`;
    const p95 = row.p95 === undefined ? '–' : `${Math.round(row.p95)} ms`;
    return [
      span(fit(safeText(row.name), Math.max(10, Math.min(24, width - 46))), 'plain', row.moves),
      span(fit(share, 6, 'right'), 'accent'),
      span(fit(row.requests.toLocaleString('en'), 9, 'right')),
      span(fit(errors, 10, 'right'), row.errors > 0 ? 'warn' : 'ok'),
      span(fit(p95, 9, 'right')),
      ...(row.healthy === false ? [span(' unhealthy', 'bad')] : []),
    ];
  });
}
