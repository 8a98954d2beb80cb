import { explainReason, lookupIn } from '../../src/domain/dependencies.ts';
import type { Discovery, Feature } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { groupedStatements } from '../../src/domain/statements.ts';
import { whyAlong } from '../../store/selection/along.ts';
import { lookupOf } from '../../store/selection/closed.ts';
import type { SelectionState } from '../../store/state.ts';
import { bar, featureSummary, probabilityText, probabilityTone } from '../feature-text.ts';
import { fit, wrap } from '../fit.ts';
import { blank, type Line, span } from '../theme.ts';

export interface FeatureContext {
  discovery: Discovery;
  selection: SelectionState;
}

const rule = (title: string): Line => [span(title, 'accent', true)];

/** What was seen beyond code, a statement a line under its flag. */
function seenLines({ flags }: Feature, width: number): Line[] {
  const groups = groupedStatements(flags);
  if (groups.length === 0) return [];
  return [
    blank,
    rule('WHAT IT CHANGES'),
    ...groups.flatMap(({ flag, statements }) =>
      statements.flatMap((statement, first) =>
        wrap(safeText(statement), width - 16).map((text, i): Line => [
          span(fit(first === 0 && i === 0 ? flag : '', 16), 'quiet'),
          span(text),
        ]),
      ),
    ),
  ];
}

/** Where the feature stands in what is chosen now. */
function standing(feature: Feature, { discovery, selection }: FeatureContext, width: number): Line[] {
  const { closed, wanted, fresh } = selection;
  const along = wanted.includes(feature.id) ? undefined : whyAlong(discovery, closed, feature.id);
  const text = feature.onBase
    ? 'On the base already: selecting it adds nothing.'
    : along !== undefined
      ? `[+] Comes along: ${along}`
      : lookupOf(closed).selected.has(feature.id)
        ? '[x] Chosen.'
        : '[ ] Left out.';
  const came = fresh.has(feature.id) ? ' New since you chose.' : '';
  return wrap(safeText(text + came), width).map((line) => [span(line, 'accent')]);
}

function dependencies(feature: Feature, discovery: Discovery, width: number): Line[] {
  const say = (id: string, why: string) =>
    wrap(safeText(`${id}: ${why}`), width).map((text): Line => [span(text)]);
  const needs = feature.dependsOn.flatMap((d) => say(d.id, d.because.map(explainReason).join('; ')));
  const neededBy = (lookupIn(discovery.features).users.get(feature.id) ?? []).flatMap((other) =>
    other.dependsOn
      .filter((d) => d.id === feature.id)
      .flatMap((d) => say(other.id, d.because.map(explainReason).join('; '))),
  );
  return [
    ...(needs.length > 0 ? [blank, rule('CANNOT SHIP WITHOUT'), ...needs] : []),
    ...(neededBy.length > 0 ? [blank, rule('NEEDED BY'), ...neededBy] : []),
  ];
}

/** What a feature is, how likely it goes well and why, where it stands in the choice, and what it hangs together with. */
export function overviewLines(feature: Feature, context: FeatureContext, width: number): Line[] {
  return [
    ...wrap(safeText(feature.title), width).map((text): Line => [span(text, 'plain', true)]),
    [
      span(probabilityText(feature), probabilityTone(feature), true),
      span(`  ${bar(feature.risk.probability)}  success, ${feature.risk.level} risk`, 'quiet'),
    ],
    ...standing(feature, context, width),
    blank,
    ...featureSummary(feature, width),
    ...seenLines(feature, width),
    ...dependencies(feature, context.discovery, width),
  ];
}
