import type { Stage } from '../src/domain/plan.ts';

/** What the main pane can show: one view a stage, and those that span deployments. */
export type View = Stage | 'history' | 'analysis' | 'environments' | 'log';

/** The stages as the first frame lists them; spelled out so that it need not load the schemas. */
export const stageViews = [
  'discovery',
  'selection',
  'staging',
  'testing',
  'production',
  'learning',
] as const satisfies readonly Stage[];

/** The views below the stages. */
export const otherViews = ['history', 'analysis', 'environments', 'log'] as const satisfies readonly View[];

export const views: readonly View[] = [...stageViews, ...otherViews];
