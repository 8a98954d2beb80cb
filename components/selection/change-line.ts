import { chanceText } from '../../src/domain/chance.ts';
import { counted } from '../../src/domain/counted.ts';
import type { Risk } from '../../src/domain/feature.ts';
import type { Change, Totals } from '../../store/selection/totals.ts';
import { probabilityTone } from '../feature-text.ts';
import { type Line, type Span, span } from '../theme.ts';

/** `+310 −22`: what came with it, or what goes without it; both sums where some came and some went. */
function sizeText(was: Totals, is: Totals): string {
  const additions = is.additions - was.additions;
  const deletions = is.deletions - was.deletions;
  if (additions === 0 && deletions === 0) return '';
  if (additions >= 0 && deletions >= 0) return `+${additions} −${deletions}`;
  if (additions <= 0 && deletions <= 0) return `without +${-additions} −${-deletions}`;
  return `+${was.additions} −${was.deletions} → +${is.additions} −${is.deletions}`;
}

function countText(was: Totals, is: Totals): string {
  const features = is.features - was.features;
  if (features === 0) return '';
  return `${features > 0 ? '+' : '−'}${counted(Math.abs(features), 'feature')}`;
}

function successSpans(was: Risk | undefined, is: Risk | undefined): Span[] {
  if (!is) return [];
  if (!was) return [span(`success ${chanceText(is.probability)}`)];
  const moved = is.probability - was.probability;
  return [
    span(
      `success ${chanceText(was.probability)} → ${chanceText(is.probability)}`,
      moved === 0 ? 'plain' : moved > 0 ? 'ok' : 'warn',
    ),
    ...(was.level === is.level
      ? []
      : [
          span(`  ${was.level.toUpperCase()} → `, 'quiet'),
          span(`${is.level.toUpperCase()} RISK`, probabilityTone({ risk: is }), true),
        ]),
  ];
}

/** `last change  success 0.91 → 0.88  +1 feature  +310 −22`: what the last toggle did to all that ships. */
export function changeLine({ risk, was, is }: Change): Line {
  const texts = [countText(was, is), sizeText(was, is)].filter(Boolean).map((text) => span(`  ${text}`));
  return [span('last change  ', 'quiet'), ...successSpans(...risk), ...texts];
}
