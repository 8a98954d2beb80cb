import type { Deployment } from '../src/domain/deployment.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { wrap } from './fit.ts';
import { section } from './panes/pane.ts';
import { type Line, span, type Tone } from './theme.ts';

/** Who is likely behind a rollback, its evidence and the routes that failed; nothing before that was looked into. */
export function culpritLines({ culprit }: Deployment, width: number): Line[] {
  if (!culprit) return [];
  const words = (text: string, tone: Tone = 'plain', bold = false): Line[] =>
    wrap(safeText(text, 500), width).map((line) => [span(line, tone, bold)]);
  const [first, ...others] = culprit.suspects;
  return [
    section('likely culprit', width),
    ...words(culprit.reason, culprit.kind === 'named' ? 'warn' : 'quiet', culprit.kind === 'named'),
    ...(culprit.kind === 'named' ? (first?.evidence.slice(1) ?? []) : []).flatMap((text) =>
      words(`  ${text}`),
    ),
    ...(culprit.routes ?? [])
      .slice(0, 3)
      .flatMap(({ route, failed, slow, stableFailed, stableSlow }) =>
        words(`  ${route}: ${failed} failed, ${slow} slow (stable ${stableFailed}, ${stableSlow})`, 'quiet'),
      ),
    ...others
      .slice(0, 3)
      .flatMap(({ title, strength, evidence }) =>
        words(`  ${strength}: ${title}, ${evidence[0] ?? 'no evidence'}`, 'quiet'),
      ),
  ];
}
