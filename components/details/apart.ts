import { counted } from '../../src/domain/counted.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { versionName } from '../../store/dialogs.ts';
import type { Detail } from '../../store/state.ts';
import { cut, widthOf, wrap } from '../fit.ts';
import { field, section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';

type Apart = Extract<Detail, { kind: 'apart' }>;
type Feature = NonNullable<Apart['apart']>['onlyA'][number];

/** What each of two environments has that the other has not, feature by feature with its commits. Pure. */
export function apartLines({ a, b, apart, problem }: Apart, width: number): Line[] {
  if (problem !== undefined) return wrap(`✖ ${problem}`, width).map((line) => [span(line, 'bad')]);
  if (!apart) return [[span('The versions are being compared …', 'quiet')]];
  const versions = [apart.a, apart.b].map(({ environment, version }) =>
    field(safeText(environment, 12), [
      version
        ? span(safeText(versionName(version)), 'plain', true)
        : span('nothing is deployed yet', 'quiet'),
    ]),
  );
  if (!apart.a.version || !apart.b.version) return versions;
  if (apart.onlyA.length + apart.onlyB.length === 0)
    return [
      ...versions,
      blank,
      [
        span(
          apart.same
            ? '✔ Both hold the same files.'
            : 'Both hold the same features; only files that no feature accounts for differ, as lockfiles made again.',
          'ok',
        ),
      ],
    ];
  return [...versions, ...sideLines(a, b, apart.onlyA, width), ...sideLines(b, a, apart.onlyB, width)];
}

function sideLines(here: string, there: string, features: readonly Feature[], width: number): Line[] {
  const commits = features.reduce((sum, feature) => sum + feature.commits.length, 0);
  const title = `only in ${safeText(here)}`;
  if (features.length === 0)
    return [blank, section(title, width), [span(`nothing: ${safeText(there)} has all of it`, 'quiet')]];
  return [
    blank,
    section(`${title}: ${counted(features.length, 'feature')}, ${counted(commits, 'commit')}`, width),
    ...features.flatMap((feature): Line[] => [
      [
        span(`${safeText(feature.id)}  `, 'accent'),
        span(cut(safeText(feature.title), Math.max(8, width - widthOf(safeText(feature.id)) - 2))),
      ],
      ...feature.commits.map(({ sha, subject, author }): Line => [
        span(`    ${sha.slice(0, 7)} `, 'quiet'),
        span(cut(safeText(subject), Math.max(8, width - 14 - widthOf(safeText(author))))),
        span(`  ${safeText(author)}`, 'quiet'),
      ]),
    ]),
  ];
}
