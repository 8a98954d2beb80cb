import { useUi } from '../../store/hooks.ts';
import { clockOf, eventText } from '../deployment-text.ts';
import { windowOf } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { type Line, span } from '../theme.ts';
import { heading, type PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** Every event of the deployment that is shown, newest first. */
export function LogPane({ width, height }: PaneProps) {
  const events = useUi((state) => state.events);
  const phases = useUi((state) => state.deployment?.plan.phases);
  const cursor = useUi((state) => state.session.cursors.log);
  const focus = useUi((state) => state.session.focus);
  const last = events.at(-1);
  if (!last)
    return (
      <Lines
        lines={nothingYet('Log', 'No deployment is under way. Its events appear here as they happen.', width)}
        width={width}
        height={height}
      />
    );
  const at = Math.min(cursor, events.length - 1);
  const { from, to } = windowOf(events.length, at, height - 1);
  const lines = Array.from({ length: to - from }, (_, i): Line => {
    const event = events.at(-1 - (from + i));
    if (!event) return [];
    const { text, tone } = eventText(event, phases);
    return [
      span(from + i === at ? '▸ ' : '  ', 'accent', true),
      span(`${String(event.seq).padStart(4)} ${clockOf(event.at)} `, 'quiet'),
      span(text, tone),
    ];
  });
  return (
    <Lines
      lines={[heading('Log', [span(`${last.deployment} · ${last.seq} events`, 'quiet')], width), ...lines]}
      width={width}
      height={height}
      selected={focus === 'main' ? 1 + at - from : -1}
    />
  );
}
