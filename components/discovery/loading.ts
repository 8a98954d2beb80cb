import type { DiscoveryState } from '../../store/state.ts';
import { gauge } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';

/** What is being read, after the spinner; from the second second on how far it is, or how long it takes by now. */
export function loadingLines(
  { read }: Extract<DiscoveryState, { status: 'loading' }>,
  seconds: number,
  width: number,
): [Line, ...Line[]] {
  const first: Line = [span(' Looking at what waits to be shipped …', 'quiet')];
  if (seconds < 1) return [first];
  if (!read || read.of === 0) return [first, blank, [span(`  ${seconds} s`, 'quiet')]];
  const done = read.done >= read.of;
  return [
    first,
    blank,
    [span(`  ${gauge(read.done / read.of, Math.min(40, Math.max(4, width - 4)))}`, 'accent')],
    [
      span(`  ${read.done} of ${read.of} commits`),
      span(`${done ? ' read; now what belongs together' : ' read'} · ${seconds} s`, 'quiet'),
    ],
  ];
}
