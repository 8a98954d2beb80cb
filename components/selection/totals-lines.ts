import { counted } from '../../src/domain/counted.ts';
import type { Discovery, Feature, Risk, Selection } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { remember } from '../../store/remember.ts';
import { rolloutNow } from '../../store/rollout.ts';
import { lookupOf } from '../../store/selection/closed.ts';
import { changeOf, type Totals, totalsOf, waitingIn } from '../../store/selection/totals.ts';
import { strategyWords } from '../../store/selection-words.ts';
import type { UiState } from '../../store/state.ts';
import { bar, probabilityText, probabilityTone } from '../feature-text.ts';
import { widthOf, wrap } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';
import { changeLine } from './change-line.ts';
import { warmStartLine } from '../discovery/warm-start-line.ts';
import { roomForSize } from './row.ts';

const widthOfAll = (spans: readonly Span[]) => spans.reduce((n, { text }) => n + widthOf(text), 0);

/** How big it is, the least needed left out first where it gets narrow. */
function sizeFacts(sum: Totals, discovery: Discovery, width: number): string {
  const max = discovery.deployment.maxFeatures;
  const facts: readonly { text: string; rank: number }[] = [
    { text: `${sum.features} of ${waitingIn(discovery)}`, rank: 0 },
    ...(max === undefined ? [] : [{ text: `max ${max}`, rank: 3 }]),
    { text: counted(sum.commits, 'commit'), rank: 2 },
    { text: counted(sum.files, 'file'), rank: 4 },
    { text: `+${sum.additions} −${sum.deletions}`, rank: 1 },
  ];
  for (let most = 4; most > 0; most -= 1) {
    const text = facts
      .filter(({ rank }) => rank <= most)
      .map((fact) => fact.text)
      .join(' · ');
    if (widthOf(text) <= width) return text;
  }
  return facts[0]?.text ?? '';
}

/** What is chosen, how it would be rolled out, and how big that is. */
export function selectionHeading(state: UiState, discovery: Discovery, width: number): Line {
  const { selection } = state;
  const rollout = rolloutNow(state);
  const title: Span[] = [
    span(`Selection · ${strategyWords[selection.strategy]}`, 'accent', true),
    ...(rollout
      ? [
          span(' · ', 'quiet'),
          span(`${rollout.name}${rollout.picked ? ' (picked)' : ''}`, rollout.picked ? 'accent' : 'quiet'),
        ]
      : []),
  ];
  const left = widthOfAll(title);
  const facts = sizeFacts(totalsOf(discovery, selection.closed), discovery, width - left - 2);
  return [...title, span(' '.repeat(Math.max(2, width - left - widthOf(facts)))), span(facts)];
}

/** What shipping all of it amounts to, before the one feature that weighs most. */
function together(risk: Risk): Line {
  return [
    span('together ', 'quiet'),
    span(`${risk.level.toUpperCase()} RISK`, probabilityTone({ risk }), true),
    span(` success ${probabilityText({ risk })} `),
    span(bar(risk.probability), probabilityTone({ risk })),
    span('  '),
  ];
}

function riskiest(feature: Feature): Line {
  return [
    span('riskiest ', 'quiet'),
    span(safeText(feature.id), 'plain', true),
    span(` ${probabilityText(feature)}`, probabilityTone(feature)),
  ];
}

/** Why the whole is as risky as it is, in one line. */
function factorsLine(risk: Risk | undefined): Line[] {
  const texts = risk?.factors.map((f) => safeText(f.text)) ?? [];
  return texts.length > 0 ? [[span('because ', 'quiet'), span(texts.join(' · '), 'quiet')]] : [];
}

/** Told where more ships than is meant to at once: nothing stops it, but nobody should overlook it. */
const overMaximum = remember((discovery: Discovery, closed: Selection | undefined): Line[] => {
  const max = discovery.deployment.maxFeatures;
  const { selected } = lookupOf(closed);
  if (max === undefined || selected.size <= max) return [];
  const musts = discovery.features.filter((f) => f.bucket === 'must' && selected.has(f.id)).length;
  const why = musts > 0 ? `; ${counted(musts, 'must', 'musts')} may exceed it` : '';
  return [[span(`! ${selected.size} features, over the maximum of ${max} for one deployment${why}`, 'warn')]];
});

/** Said where the filter leaves no row. */
export const nothingFound = 'No feature contains that. esc shows all.';

/** Told where what must ship is left out: a person may, but nobody should by a slip. */
const mustsLeftOut = remember((discovery: Discovery, closed: Selection | undefined): Line[] => {
  const { selected } = lookupOf(closed);
  const [first, ...more] = discovery.features.filter(
    (f) => f.bucket === 'must' && f.onBase !== true && !selected.has(f.id),
  );
  if (!first || selected.size === 0) return [];
  const rest = more.length > 0 ? ` and ${counted(more.length, 'more', 'more')}` : '';
  return [[span(`! left out, though it must ship: ${safeText(first.title)}${rest}`, 'warn')]];
});

/** What to do where nothing is selected. */
function nothingSelected(state: UiState, discovery: Discovery, listed: number): string {
  if (listed === 0) return nothingFound;
  if (waitingIn(discovery) === 0) return safeText(discovery.notes[0] ?? 'Everything is on the base already.');
  return state.selection.strategy === 'recommended'
    ? 'Nothing is recommended; the reasons are below. space takes the feature under the cursor.'
    : 'Nothing is selected. space takes the feature under the cursor, s a strategy.';
}

/** The running totals of what would ship, and what the last change did to them; `listed` is how many rows the filter leaves. */
export function totalsLines(
  state: UiState,
  discovery: Discovery,
  listed: number,
  { width, roomy }: { width: number; roomy: boolean },
): Line[] {
  const { selection } = state;
  const sum = totalsOf(discovery, selection.closed);
  const risk = selection.closed?.risk;
  const fresh = selection.fresh.size;
  const change = changeOf(discovery, selection.before, selection.closed);
  const whole: Line[] = sum.lowest
    ? [
        [
          ...(risk ? together(risk) : []),
          // On a narrow screen the whole comes first; the line below it begins with the riskiest.
          ...(risk && width < roomForSize ? [] : riskiest(sum.lowest)),
        ],
      ]
    : wrap(nothingSelected(state, discovery, listed), width).map((text): Line => [span(text, 'quiet')]);
  return [
    selectionHeading(state, discovery, width),
    ...whole,
    ...(change ? [changeLine(change)] : []),
    ...(roomy && sum.lowest ? factorsLine(risk) : []),
    ...(fresh > 0
      ? [[span(`${fresh} new since you chose`, 'accent', true), span('  / new lists them', 'quiet')]]
      : []),
    ...overMaximum(discovery, selection.closed),
    ...mustsLeftOut(discovery, selection.closed),
    ...warmStartLine(state),
  ];
}
