import { chanceText } from '../src/domain/chance.ts';
import type { Feature, Risk } from '../src/domain/feature.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { fit, wrap } from './fit.ts';
import { type Line, type Span, span, type Tone } from './theme.ts';

/** A pull request's number, or the beginning of the first commit's sha. */
export function handle(feature: Feature, width: number): string {
  return fit(
    feature.pullRequest ? `#${feature.pullRequest}` : (feature.commits[0] ?? '').slice(0, width),
    width,
    'right',
  );
}

/** Lines added and removed, in `width` cells. */
export function sizeText(feature: Feature, width = 11): string {
  return fit(`+${feature.additions} −${feature.deletions}`, width, 'right');
}

/** The colour of a success probability; the number stands beside it. */
export function probabilityTone({ risk }: { risk: Risk }): Tone {
  return risk.level === 'low' ? 'ok' : risk.level === 'medium' ? 'warn' : 'bad';
}

const bars = '▁▂▃▄▅▆▇█';

/** A probability as five cells, the last one partly filled. */
export function bar(probability: number): string {
  const steps = Math.round(probability * 40);
  return Array.from({ length: 5 }, (_, i) => {
    const level = Math.max(0, Math.min(8, steps - i * 8));
    return level === 0 ? ' ' : bars.charAt(level - 1);
  }).join('');
}

/** `0.91 (0.80–0.96, n=23)`: a probability is never shown without how sure it is. */
export function probabilityText({ risk }: { risk: Risk }): string {
  const [low, high] = risk.interval;
  return `${chanceText(risk.probability)} (${chanceText(low)}–${chanceText(high)}, n=${risk.n})`;
}

/** What a change touches beyond code, in words. */
export function flagWords({ flags }: Feature): Span[] {
  const words: Span[] = [];
  if (flags.schema)
    words.push(
      flags.schema.destructive ? span('schema, destructive', 'bad') : span('schema, additive', 'warn'),
    );
  if (flags.api) words.push(flags.api.breaking ? span('API, breaking', 'bad') : span('API', 'warn'));
  if (flags.breaking && !flags.api?.breaking) words.push(span('breaking', 'bad'));
  if (flags.dependencies) words.push(span('dependencies', 'warn'));
  if (flags.config) words.push(span('configuration', 'warn'));
  if (flags.infrastructure) words.push(span('infrastructure', 'warn'));
  words.push(flags.testsTouched ? span('tests ✔', 'ok') : span('no tests', 'quiet'));
  return words;
}

/** The same in six cells: a letter each, `!` where it breaks something. */
export function flagLetters({ flags }: Feature): Span {
  const breaks = flags.schema?.destructive || flags.api?.breaking || flags.breaking;
  const letters = [
    flags.schema ? 'S' : '',
    flags.api ? 'A' : '',
    flags.dependencies ? 'D' : '',
    flags.config ? 'C' : '',
    flags.infrastructure ? 'I' : '',
    flags.testsTouched ? 'T' : '',
    breaks ? '!' : '',
  ].join('');
  return span(fit(letters, 6), breaks ? 'bad' : 'quiet');
}

/** What the letters of `flagLetters` mean, in a line of its own or beside one. */
export const flagLegend = 'S schema  A API  D dependencies  C config  I infrastructure  T tests  ! breaks';

function joined(spans: readonly Span[], between: string): Span[] {
  return spans.flatMap((s, i) => (i === 0 ? [s] : [span(between, 'quiet'), s]));
}

const bucketWords = {
  must: 'must include',
  recommended: 'recommended',
  optional: 'optional',
  not_recommended: 'not recommended',
} as const;

/** Why a feature stands where it stands, in a few lines for below a list. */
export function featureSummary(feature: Feature, width: number): Line[] {
  const needs = feature.dependsOn.map((d) => d.id).join(', ');
  return [
    [
      span(safeText(feature.id), 'plain', true),
      span(`  ${feature.type}  `, 'quiet'),
      ...joined(flagWords(feature), ' · '),
    ],
    [
      span(feature.authors.map((a) => safeText(a)).join(', '), 'quiet'),
      ...(needs ? [span(`  needs ${safeText(needs)}`)] : []),
    ],
    ...wrap(`${bucketWords[feature.bucket]}: ${safeText(feature.reason)}`, width).map((text) => [span(text)]),
    ...feature.risk.factors.flatMap((f) =>
      wrap(safeText(f.text), width - 7).map((text, i) => [
        span(fit(i === 0 && f.effect !== 0 ? effectText(f.effect) : '', 7), f.effect < 0 ? 'warn' : 'ok'),
        span(text, 'quiet'),
      ]),
    ),
  ];
}

/** `−0.01`; what rounds to nothing has no sign. */
function effectText(effect: number): string {
  const size = Math.abs(effect).toFixed(2);
  return `${Number(size) === 0 ? ' ' : effect < 0 ? '−' : '+'}${size}`;
}
