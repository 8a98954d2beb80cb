import type { DiscoveryState } from '../../store/state.ts';
import { gauge } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';

/** Before this nobody wonders how long it takes, in ms. */
const quickMs = 1000;

/** What is being read, after the spinner; and from the second second on how far it is, or how long it takes by now. */
export function loadingLines(
  { since, read }: Extract<DiscoveryState, { status: 'loading' }>,
  now: number,
  width: number,
): [Line, ...Line[]] {
  const first: Line = [span(' Looking at what waits to be shipped …', 'quiet')];
  const waited = since === undefined ? 0 : now - since;
  if (waited < quickMs) return [first];
  const seconds = `${Math.floor(waited / 1000)} s`;
  if (!read || read.of === 0) return [first, blank, [span(`  ${seconds}`, 'quiet')]];
  const done = read.done >= read.of;
  return [
    first,
    blank,
    [span(`  ${gauge(read.done / read.of, Math.min(40, Math.max(4, width - 4)))}`, 'accent')],
    [
      span(`  ${read.done} of ${read.of} commits`),
      span(`${done ? ' read; now what belongs together' : ' read'} · ${seconds}`, 'quiet'),
    ],
  ];
}
