import { safeText } from '../../src/domain/safe-text.ts';
import type { UiState } from '../../store/state.ts';
import { wrap } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';

/** While the git history is learned from, how far that is; when it has been done, that what waits can be judged anew by it. */
export function warmStartLine({ warmStart }: Pick<UiState, 'warmStart'>): Line[] {
  if (warmStart?.state === 'learning') return [[span(safeText(warmStart.words ?? ''), 'quiet')]];
  if (!warmStart?.anew || !warmStart.learned) return [];
  return [
    [
      span(
        `learned from ${warmStart.learned.commits.toLocaleString('en-US')} commits: u judges anew`,
        'accent',
      ),
    ],
  ];
}

/** What the git history taught, as a section of its own; nothing where nothing was learned and nothing is. */
export function warmStartLines({ warmStart }: Pick<UiState, 'warmStart'>, width: number): Line[] {
  if (warmStart?.words === undefined) return [];
  return [
    blank,
    section('from the git history', width),
    ...wrap(safeText(warmStart.words), width).map((text): Line => [span(text)]),
  ];
}
