import { Lines } from '../Lines.tsx';
import { heading, type PaneProps } from './pane.ts';

/** The view of environments. */
export function EnvironmentsPane({ width, height }: PaneProps) {
  return <Lines lines={[heading('Environments', [], width)]} width={width} height={height} />;
}
