import { Lines } from '../Lines.tsx';
import { heading, type PaneProps } from './pane.ts';

/** The view of analysis. */
export function AnalysisPane({ width, height }: PaneProps) {
  return <Lines lines={[heading('Analysis', [], width)]} width={width} height={height} />;
}
