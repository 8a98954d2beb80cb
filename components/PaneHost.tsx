import { Box } from 'ink';
import type { ComponentType } from 'react';
import { focusOf } from '../store/focus.ts';
import { useUi } from '../store/hooks.ts';
import { drawerRule, hasDrawer, splitWidth } from '../store/layout.ts';
import type { View } from '../store/state.ts';
import { ConfirmDialog } from './ConfirmDialog.tsx';
import { DetailView } from './DetailView.tsx';
import { Help } from './Help.tsx';
import { AnalysisPane } from './panes/AnalysisPane.tsx';
import { DiscoveryPane } from './panes/DiscoveryPane.tsx';
import { EnvironmentsPane } from './panes/EnvironmentsPane.tsx';
import { HistoryPane } from './panes/HistoryPane.tsx';
import { LearningPane } from './panes/LearningPane.tsx';
import { LogPane } from './panes/LogPane.tsx';
import type { PaneProps } from './panes/pane.ts';
import { PickerList } from './PickerList.tsx';
import { ProductionPane } from './panes/ProductionPane.tsx';
import { SelectionPane } from './panes/SelectionPane.tsx';
import { Beside } from './ScrollLines.tsx';
import { StagingPane } from './panes/StagingPane.tsx';
import { TestingPane } from './panes/TestingPane.tsx';
import { type Line, span } from './theme.ts';
import { Tour } from './Tour.tsx';
import { Lines } from './Lines.tsx';

/** A pane a view; to add one, add its file and its line. */
const panes: Readonly<Record<View, ComponentType<PaneProps>>> = {
  discovery: DiscoveryPane,
  selection: SelectionPane,
  staging: StagingPane,
  testing: TestingPane,
  production: ProductionPane,
  learning: LearningPane,
  history: HistoryPane,
  analysis: AnalysisPane,
  environments: EnvironmentsPane,
  log: LogPane,
};

/** The rule between a list and what stands open beside it; heavy while that has the keys. */
function Rule({ height, heavy }: { height: number; heavy: boolean }) {
  const row: Line = [heavy ? span(' ┃ ', 'accent', true) : span(' │ ', 'quiet')];
  return <Lines lines={Array.from({ length: height }, () => row)} width={drawerRule} height={height} />;
}

/** What fills the main part of the screen: a question first, then the tour, help, then the view's pane with what stands open in its place or beside it. */
export default function PaneHost({ width, height }: PaneProps) {
  const view = useUi((state) => state.session.view);
  const dialog = useUi((state) => state.session.dialog);
  const picker = useUi((state) => state.session.picker);
  const tour = useUi((state) => state.session.tour);
  const help = useUi((state) => state.session.help);
  const detail = useUi((state) => state.session.detail);
  const beside = useUi((state) => hasDrawer(state.session.size));
  const inDrawer = useUi((state) => focusOf(state.session) === 'drawer');
  if (picker) return <PickerList picker={picker} width={width} height={height} />;
  if (dialog) return <ConfirmDialog dialog={dialog} width={width} height={height} />;
  if (tour !== undefined) return <Tour screen={tour} width={width} height={height} />;
  if (help) return <Help width={width} height={height} />;
  const Pane = panes[view];
  if (!detail) return <Pane width={width} height={height} />;
  if (!beside) return <DetailView detail={detail} width={width} height={height} />;
  const { list, drawer } = splitWidth(width);
  return (
    <Box width={width} height={height}>
      <Box width={list} height={height} overflow="hidden">
        <Beside.Provider value={true}>
          <Pane width={list} height={height} />
        </Beside.Provider>
      </Box>
      <Rule height={height} heavy={inDrawer} />
      <DetailView detail={detail} width={drawer} height={height} place={inDrawer ? 'entered' : 'beside'} />
    </Box>
  );
}
