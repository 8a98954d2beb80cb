import { chanceText } from '../src/domain/chance.ts';
import type { Deployment } from '../src/domain/deployment.ts';
import { formatInterval } from '../src/domain/interval.ts';
import type { LearningReport } from '../src/domain/learning-report.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { culpritLines } from './culprit-text.ts';
import { fit, wrap } from './fit.ts';
import { section } from './panes/pane.ts';
import { blank, type Line, span } from './theme.ts';

type Pattern = LearningReport['patterns'][number];
type Evidence = Pattern['before'];

const middle = ({ interval: [low, high] }: Evidence) => (low + high) / 2;

/** What became of a pattern: new, or which way its interval went. */
export function strength({ before, after }: Pattern): 'added' | 'strengthened' | 'weakened' | 'unchanged' {
  if (before.n === 0 && after.n > 0) return 'added';
  const moved = middle(after) - middle(before);
  return moved > 0 ? 'strengthened' : moved < 0 ? 'weakened' : 'unchanged';
}

const strengthMarks = { added: '+', strengthened: '▲', weakened: '▼', unchanged: '=' } as const;
const strengthTones = { added: 'accent', strengthened: 'ok', weakened: 'warn', unchanged: 'quiet' } as const;

const groupWords: Readonly<Record<Pattern['group'], string>> = {
  deployments: 'all deployments',
  type: 'type',
  size: 'size',
  flag: 'risk factor',
  batch: 'number of features',
  hour: 'hour (UTC)',
};

const told = ({ succeeded, n, interval }: Evidence) =>
  n === 0 ? 'nothing known' : `${succeeded} of ${n} (${formatInterval(interval)})`;

function patternLine(pattern: Pattern, width: number): Line[] {
  const kind = strength(pattern);
  const name =
    pattern.group === 'deployments'
      ? groupWords.deployments
      : `${groupWords[pattern.group]} ${safeText(pattern.key, 30)}`;
  const change = `${told(pattern.before)} → ${told(pattern.after)}`;
  const mark = span(`${strengthMarks[kind]} `, strengthTones[kind], true);
  if (width >= 78)
    return [
      [
        mark,
        span(fit(name, 27)),
        span(fit(kind, 13), strengthTones[kind]),
        ...wrap(change, width - 42)
          .slice(0, 1)
          .map((text) => span(text, 'quiet')),
      ],
    ];
  return [
    [mark, span(`${name} `), span(kind, strengthTones[kind])],
    ...wrap(change, width - 4).map((text): Line => [span(`    ${text}`, 'quiet')]),
  ];
}

const bucketWords = (bucket: string) => bucket.replace('_', ' ');

function opinionLines({ features }: LearningReport, width: number): Line[] {
  const judged = features.filter(({ before, after }) => before && after);
  if (features.length === 0) return [];
  if (judged.length === 0)
    return [
      section('features, before → after', width),
      [span('What was thought of them before was not kept then.', 'quiet')],
    ];
  return [
    section('features, chance of success before → after', width),
    ...judged.flatMap(({ title, before, after, blame }): Line[] => {
      if (!before || !after) return [];
      const [was, is] = [chanceText(before.probability), chanceText(after.probability)];
      const tone = is === was ? 'quiet' : after.probability < before.probability ? 'warn' : 'ok';
      const bucket =
        before.bucket === after.bucket ? '' : `${bucketWords(before.bucket)} → ${bucketWords(after.bucket)}`;
      const share = blame > 0 ? `bears ${Math.round(blame * 100)} % of the failure` : '';
      const more = [bucket, share].filter(Boolean).join(' · ');
      return [
        [
          span(`${was} → `, 'quiet'),
          span(fit(is === was ? `${is} =` : is, 8), tone, true),
          span(fit(safeText(title), Math.max(1, width - 15))),
        ],
        ...(more === ''
          ? []
          : wrap(more, width - 15).map((text): Line => [span(`${' '.repeat(15)}${text}`, 'warn')])),
      ];
    }),
  ];
}

/** What of the testing it will ask more for: suites that stopped it, and what is known of features without tests. */
function testLines(
  { patterns, tests = [] }: LearningReport,
  deployment: Deployment | undefined,
  width: number,
): Line[] {
  const failed = (deployment?.suites ?? []).filter(({ status }) => status !== 'passed');
  const untested = patterns.find(({ group, key }) => group === 'flag' && key === 'no-tests');
  const lines = [
    ...lessonLines(tests, width),
    ...failed.map((suite): Line => [
      span('▲ ', 'warn', true),
      span(
        `suite ${safeText(suite.suite, 40)} stopped it before any user: it has to pass before the next rollout`,
      ),
    ]),
    ...(untested && strength(untested) === 'weakened'
      ? wrap(
          `features without tests went well in ${told(untested.before)} → ${told(untested.after)}: they are trusted less`,
          width - 2,
        ).map((text, i): Line => [span(i === 0 ? '▲ ' : '  ', 'warn', true), span(text)])
      : []),
  ];
  return [
    section('tests', width),
    ...(lines.length > 0
      ? lines
      : [[span('Nothing changed in what is asked of tests.', 'quiet')] satisfies Line]),
  ];
}

/** Sentences with a mark before each. */
export function lessonLines(lessons: readonly string[], width: number): Line[] {
  return lessons.flatMap((lesson) =>
    wrap(safeText(lesson), width - 2).map((text, i): Line => [
      span(i === 0 ? '• ' : '  ', 'accent'),
      span(text),
    ]),
  );
}

/** What one deployment changed in the program's mind, before → after; where nothing changed, it says so and why. */
export function learnedLines(
  report: LearningReport,
  deployment: Deployment | undefined,
  width: number,
): Line[] {
  const changed = report.patterns.filter((pattern) => strength(pattern) !== 'unchanged');
  const opinions = opinionLines(report, width);
  return [
    section(`lessons (${report.lessons.length})`, width),
    ...lessonLines(report.lessons, width),
    blank,
    ...(report.counted
      ? []
      : [
          ...wrap(
            `Nothing changed in its mind: ${safeText(report.notCounted ?? 'it says nothing of its changes')}.`,
            width,
          ).map((text): Line => [span(text, 'warn')]),
          blank,
        ]),
    ...(opinions.length > 0 ? [...opinions, blank] : []),
    section('patterns, before → after', width),
    ...(changed.length > 0
      ? changed.flatMap((pattern) => patternLine(pattern, width))
      : [[span('No pattern changed.', 'quiet')] satisfies Line]),
    blank,
    ...testLines(report, deployment, width),
    ...(deployment?.culprit ? [blank, ...culpritLines(deployment, width)] : []),
  ];
}
