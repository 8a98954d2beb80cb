import { Box } from 'ink';
import Spinner from 'ink-spinner';
import { counted } from '../../src/domain/counted.ts';
import type { Discovery, Feature, Risk } from '../../src/domain/feature.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { remember } from '../../store/remember.ts';
import { buckets, selectionRows } from '../../store/rows.ts';
import { type Along, placeAlong, totals, whyAlong } from '../../store/selection.ts';
import type { Need, Place, ProofState, UiState } from '../../store/state.ts';
import {
  bar,
  featureSummary,
  flagLetters,
  handle,
  probabilityText,
  probabilityTone,
  sizeText,
} from '../feature-text.ts';
import { cut, fit, widthOf, windowOf, wrap } from '../fit.ts';
import { Lines, LineText } from '../Lines.tsx';
import { blank, type Line, type Span, span } from '../theme.ts';
import { DiscoveryPane } from './DiscoveryPane.tsx';
import { heading, type PaneProps, section } from './pane.ts';
import { inSentences } from '../../src/domain/in-sentences.ts';

const strategyWords = {
  recommended: 'all recommended',
  critical: 'critical only',
  all: 'everything',
  custom: 'custom',
} as const;

/** What is chosen and shipped, looked up at once for every row in sight. */
interface Shipping {
  wanted: ReadonlySet<string>;
  selected: ReadonlySet<string>;
}

const nobody: readonly string[] = [];

const shippingOf = remember((wanted: readonly string[], selected: readonly string[]): Shipping => ({
  wanted: new Set(wanted),
  selected: new Set(selected),
}));

const waitingIn = remember(
  (discovery: Discovery) => discovery.features.filter((f) => f.onBase !== true).length,
);

/** `[x]` chosen, `[+]` comes along, `[ ]` left out, ` – ` on the base already. */
function mark(feature: Feature, { wanted, selected }: Shipping): Span {
  if (feature.onBase === true) return span(' –  ', 'quiet');
  if (wanted.has(feature.id)) return span('[x] ', 'ok', true);
  return selected.has(feature.id) ? span('[+] ', 'ok') : span('[ ] ', 'quiet');
}

function row(feature: Feature, state: UiState, shipping: Shipping, width: number, current: boolean): Line {
  const { closed, fresh } = state.selection;
  const ships = shipping.selected.has(feature.id);
  const wide = width >= 76;
  const needs = width >= 96 ? 14 : 0;
  const room = Math.max(8, width - 2 - 4 - 7 - 5 - 6 - (wide ? 19 : 0) - needs);
  const mine = fresh.has(feature.id) ? span('new ', 'accent', true) : span('');
  const discovery = state.discovery.status === 'loaded' ? state.discovery.discovery : undefined;
  const along = ships && !shipping.wanted.has(feature.id);
  const why = along && discovery ? placeAlong(discovery, closed, feature.id) : undefined;
  // Where there is room the reason stands in the columns of the bar and the size, else beside the title.
  const reason = why && !wide ? ` ${alongText(why, Math.floor(room * 0.55))}` : '';
  const title = fit(safeText(feature.title), room - widthOf(mine.text) - widthOf(reason));
  const numbers = `${bar(feature.risk.probability)} ${wide ? `${sizeText(feature, 12)} ` : ''}`;
  return [
    span(current ? '▸ ' : '  ', 'accent', true),
    mark(feature, shipping),
    mine,
    span(title, ships ? 'plain' : 'quiet'),
    span(reason, 'accent'),
    span(`${handle(feature, 6)} `, ships ? 'accent' : 'quiet'),
    span(`${feature.risk.probability.toFixed(2)} `, probabilityTone(feature)),
    why && wide ? span(fit(alongText(why, 18), 19), 'accent') : span(numbers, 'quiet'),
    ...(wide ? [flagLetters(feature)] : []),
    ...(needs > 0 ? [span(fit(needsText(feature, discovery), needs), 'quiet')] : []),
  ];
}

/** `← pr-801 cart.ts:88`: who brings it along and where that shows; of a long path its end. */
function alongText({ who, place }: Along, width: number): string {
  const from = `← ${cut(shortId(who), Math.max(8, Math.floor(width / 2) - 2))}`;
  const room = width - widthOf(from) - 1;
  const shown = safeText(place);
  if (place === '' || room < 6) return from;
  return `${from} ${widthOf(shown) <= room ? shown : `…${[...shown].slice(-(room - 1)).join('')}`}`;
}

/** A pull request as people call it, else the id. */
function shortId(id: string): string {
  const number = /^pr-(\d+)$/.exec(id)?.[1];
  return number === undefined ? id : `#${number}`;
}

/** `needs #799 +2`: the first feature it cannot ship without, as people call it, and how many more. */
function needsText(feature: Feature, discovery: Discovery | undefined): string {
  const [first, ...more] = feature.dependsOn;
  if (!first || !discovery) return '';
  return ` needs ${shortId(first.id)}${more.length > 0 ? ` +${more.length}` : ''}`;
}

/** What shipping all of it amounts to, before the one feature that weighs most. */
function together(risk: Risk): Line {
  return [
    span('together ', 'quiet'),
    span(`${risk.level.toUpperCase()} RISK`, probabilityTone({ risk }), true),
    span(` success ${probabilityText({ risk })}  `),
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

/** How many of several places one line names. */
const namedPlaces = 3;

function placesText(places: readonly Place[]): string {
  const named = places.slice(0, namedPlaces).map((c) => safeText(`${c.id} in ${c.path}`));
  const more = places.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

function needLines(needs: readonly Need[]): Line[] {
  const lines = needs
    .slice(0, namedPlaces)
    .map(({ id, because }): Line => [
      span('  + ', 'ok'),
      span(safeText(because.at(-1) ?? `it also needs ${id}`), 'accent'),
    ]);
  const more = needs.length - lines.length;
  return more > 0 ? [...lines, [span(`  + ${more} more; each says why under enter`, 'quiet')]] : lines;
}

/** What is known of whether the selection can stand alone on the base; the first line is the state. */
export function proofLines(proof: ProofState): [Line, ...Line[]] {
  switch (proof.kind) {
    case 'none':
      return [[span('Nothing to prove yet.', 'quiet')]];
    case 'proving':
      return [[span(' proving that it applies on the base …', 'quiet')]];
    case 'proved':
      return [
        [
          span('✔ proved', 'ok', true),
          span(
            `: tree ${proof.tree.slice(0, 8)}, ${counted(proof.rounds, 'round')}${proof.rest.length === 0 ? '; the rest can follow' : ''}`,
          ),
        ],
        ...needLines(proof.needs),
        ...(proof.rest.length > 0
          ? [[span(`! the rest does not follow cleanly: ${placesText(proof.rest)}`, 'warn')] satisfies Line]
          : []),
      ];
    case 'refused':
      return [
        [span('✖ does not apply', 'bad', true), span(`: ${placesText(proof.conflicts)}`, 'bad')],
        ...needLines(proof.needs),
      ];
    case 'failed':
      return [[span('! cannot be proved', 'warn', true), span(`: ${inSentences(proof.problem)}`, 'warn')]];
    default:
      return proof satisfies never;
  }
}

/** Told where more ships than is meant to at once: nothing stops it, but nobody should overlook it. */
const overMaximum = remember((discovery: Discovery, selected: ReadonlySet<string>): Line[] => {
  const max = discovery.deployment.maxFeatures;
  if (max === undefined || selected.size <= max) return [];
  const musts = discovery.features.filter((f) => f.bucket === 'must' && selected.has(f.id)).length;
  const why = musts > 0 ? `; ${counted(musts, 'must', 'musts')} may exceed it` : '';
  return [[span(`! ${selected.size} features, over the maximum of ${max} for one deployment${why}`, 'warn')]];
});

/** Sentences about the last toggle that are shown; the rest is counted. */
const mostTold = 4;

interface Drawn {
  top: Line[];
  /** Which of the top lines tells the proof's state. */
  proofAt: number;
  list: Line[];
  selected: number;
  below: Line[];
}

/** A heading, or the row of the feature at `at`. */
type Item = { head: string } | { at: number };

/** The rows under their headings; only what is in sight is made into lines. */
const itemsOf = remember((rows: readonly Feature[], selected: ReadonlySet<string>): Item[] => {
  const items: Item[] = [];
  const groups = [
    ...buckets.map(([bucket, name]) => ({ name, has: (f: Feature) => !f.onBase && f.bucket === bucket })),
    { name: 'ON THE BASE ALREADY', has: (f: Feature) => f.onBase === true },
  ];
  let at = 0;
  for (const { name, has } of groups) {
    const from = at;
    let ships = 0;
    for (let f = rows[at]; f && has(f); f = rows[at]) {
      if (selected.has(f.id)) ships += 1;
      at += 1;
    }
    if (at === from) continue;
    items.push({ head: `${name} (${at - from})${ships > 0 ? ` · ${ships} selected` : ''}` });
    for (let i = from; i < at; i += 1) items.push({ at: i });
  }
  return items;
});

/** What to do where nothing is selected. */
function nothingSelected(state: UiState, discovery: Discovery, listed: number): string {
  if (listed === 0) return 'No feature contains that. esc shows all.';
  if (discovery.features.every((f) => f.onBase === true))
    return safeText(discovery.notes[0] ?? 'Everything is on the base already.');
  return state.selection.strategy === 'recommended'
    ? 'Nothing is recommended; the reasons are below. space takes the feature under the cursor.'
    : 'Nothing is selected. space takes the feature under the cursor, s a strategy.';
}

/** The pane's lines: totals, the rows in their buckets around the cursor, and the reasons below them. */
export function selectionLines(state: UiState, discovery: Discovery, { width, height }: PaneProps): Drawn {
  const { selection, session } = state;
  const rows = selectionRows(state);
  const shipping = shippingOf(selection.wanted, selection.closed?.selected ?? nobody);
  const sum = totals(discovery, selection.closed?.selected ?? nobody);
  // The filter narrows what is listed, not what waits.
  const waiting = waitingIn(discovery);
  const max = discovery.deployment.maxFeatures;
  const facts = [
    `${sum.features} of ${waiting}`,
    ...(max === undefined || width < 76 ? [] : [`max ${max}`]),
    counted(sum.commits, 'commit'),
    `+${sum.additions} −${sum.deletions}`,
  ].join(' · ');
  const fresh = selection.fresh.size;
  const roomy = height >= 20;
  const top: Line[] = [
    heading(`Selection · ${strategyWords[selection.strategy]}`, [span(facts)], width),
    sum.lowest
      ? [
          ...(selection.closed?.risk ? together(selection.closed.risk) : []),
          // On a narrow screen the whole comes first; the line below it begins with the riskiest.
          ...(selection.closed?.risk && width < 76 ? [] : riskiest(sum.lowest)),
        ]
      : [span(nothingSelected(state, discovery, rows.length), 'quiet')],
    ...(roomy && sum.lowest ? factorsLine(selection.closed?.risk) : []),
    ...(fresh > 0
      ? [[span(`${fresh} new since you chose`, 'accent', true), span('  / new lists them', 'quiet')]]
      : []),
    ...overMaximum(discovery, shipping.selected),
  ];
  const [proof, ...proofMore] = proofLines(selection.proof);
  const cursor = Math.min(session.cursors.selection, rows.length - 1);
  const items = itemsOf(rows, shipping.selected);
  const current = rows[cursor];
  const below: Line[] = [];
  if (current) {
    const along = shipping.wanted.has(current.id)
      ? undefined
      : whyAlong(discovery, selection.closed, current.id);
    const told = selection.told.length > 0 ? selection.told : along ? [`Comes along: ${along}`] : [];
    const more = told.length - mostTold;
    below.push(
      ...[...told.slice(0, mostTold), ...(more > 0 ? [`… and ${more} more`] : [])].flatMap((text) =>
        wrap(safeText(text), width - 2).map((line, i) => [
          span(i === 0 ? '› ' : '  ', 'accent'),
          span(line, 'accent'),
        ]),
      ),
      ...featureSummary(current, width),
    );
  }
  const reasons = height >= 14 ? Math.max(5, Math.min(9, Math.floor(height / 3))) : 0;
  const head = [...top, proof, ...proofMore.slice(0, roomy ? 5 : 1)];
  const listHeight = Math.max(1, height - head.length - 1 - reasons);
  const cursorLine = items.findIndex((item) => 'at' in item && item.at === cursor);
  const { from, to } = windowOf(items.length, Math.max(0, cursorLine), listHeight);
  const list = items.slice(from, to).map((item): Line => {
    if ('head' in item) return [span(item.head, 'plain', true)];
    const feature = rows[item.at];
    return feature ? row(feature, state, shipping, width, item.at === cursor) : blank;
  });
  while (list.length < listHeight) list.push(blank);
  return {
    top: head,
    proofAt: top.length,
    list,
    selected: cursorLine - from,
    below: reasons > 0 ? [section('why', width), ...below.slice(0, reasons - 1)] : [],
  };
}

/** What ships: four buckets, the choice, its closure and its proof. */
export function SelectionPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { discovery, selection, session } = state;
  if (discovery.status !== 'loaded' || discovery.discovery.features.length === 0)
    return <DiscoveryPane width={width} height={height} />;
  const drawn = selectionLines(state, discovery.discovery, { width, height });
  const before = drawn.top.slice(0, drawn.proofAt);
  const after = drawn.top.slice(drawn.proofAt + 1);
  const lead = selection.proof.kind === 'proving' ? { lead: <Spinner type="dots" /> } : {};
  return (
    <Box flexDirection="column">
      <Lines lines={before} width={width} height={before.length} />
      <LineText {...lead} line={drawn.top[drawn.proofAt] ?? blank} width={width} />
      <Lines lines={after} width={width} height={after.length} />
      <Lines
        lines={drawn.list}
        width={width}
        height={drawn.list.length}
        selected={session.focus === 'main' ? drawn.selected : -1}
      />
      <Lines lines={drawn.below} width={width} height={drawn.below.length} />
    </Box>
  );
}
