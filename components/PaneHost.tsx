import type { ComponentType } from 'react';
import { useUi } from '../store/hooks.ts';
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
import { StagingPane } from './panes/StagingPane.tsx';
import { TestingPane } from './panes/TestingPane.tsx';

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

/** What fills the main part of the screen: a question first, then help, then an open detail, then the view's pane. */
export default function PaneHost({ width, height }: PaneProps) {
  const view = useUi((state) => state.session.view);
  const dialog = useUi((state) => state.session.dialog);
  const picker = useUi((state) => state.session.picker);
  const help = useUi((state) => state.session.help);
  const detail = useUi((state) => state.session.detail);
  if (picker) return <PickerList picker={picker} width={width} height={height} />;
  if (dialog) return <ConfirmDialog dialog={dialog} width={width} height={height} />;
  if (help) return <Help width={width} height={height} />;
  if (detail) return <DetailView detail={detail} width={width} height={height} />;
  const Pane = panes[view];
  return <Pane width={width} height={height} />;
}
