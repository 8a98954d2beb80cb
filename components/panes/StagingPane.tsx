import { Box } from 'ink';
import type { Deployment } from '../../src/domain/deployment.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { candidateVersion, versionName } from '../../store/dialogs.ts';
import { useUi } from '../../store/hooks.ts';
import { isActive } from '../../store/reasons.ts';
import { failureLines } from '../deployment-text.ts';
import { cut, fit, windowOf, wrap } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { paperLines } from '../staging/paper-rows.ts';
import { stepLines } from '../staging/steps.ts';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, span } from '../theme.ts';
import { field, heading, type PaneProps, section } from './pane.ts';

/** A pane's lines while no deployment is there to show: what to do to get one. */
export function nothingYet(title: string, advice: string, width: number): Line[] {
  return [heading(title, [], width), blank, ...wrap(advice, width).map((text) => [span(text, 'quiet')])];
}

function candidateLines(deployment: Deployment, width: number, named: boolean): Line[] {
  const { candidate, source, stable } = deployment;
  const shipped = source.features;
  const ids = shipped.map((f) => safeText(f.id) + (f.pulledIn ? ' (comes along)' : '')).join(', ');
  return [
    field('from → to', `${versionName(stable)} → ${versionName(candidateVersion(deployment))}`),
    ...(candidate.kind === 'none'
      ? [field('candidate', [span('not built yet', 'quiet')])]
      : [
          field(
            'branch',
            candidate.branch === null ? 'none: an existing revision' : safeText(candidate.branch),
          ),
          field('tree', candidate.tree.slice(0, 12)),
          ...(candidate.regenerated ?? [])
            .slice(0, 3)
            .map(({ path, tool }) => field('lockfile', `${safeText(path)} regenerated (${safeText(tool)})`)),
        ]),
    field('strategy', `${deployment.plan.strategy}: ${safeText(deployment.plan.strategyReason)}`),
    ...(named
      ? []
      : wrap(ids || 'a named revision, no selection', width - 13)
          .slice(0, 3)
          .map((text, i) => field(i === 0 ? `features ${shipped.length}` : '', text))),
    ...deployment.plan.notes.slice(0, 3).map((note): Line => [span(`! ${safeText(note)}`, 'warn')]),
  ];
}

/** What is in the candidate, by name, in the rows that the papers leave. */
function shippedLines({ source }: Deployment, width: number, room: number): Line[] {
  const { features } = source;
  const shown = features.length > room - 2 ? features.slice(0, room - 3) : features;
  const more = features.length - shown.length;
  return [
    blank,
    section(`features (${features.length})`, width),
    ...shown.map(({ id, title, pulledIn }): Line => [
      span(fit(safeText(id), Math.min(14, Math.floor(width / 3))), 'accent'),
      span(' '),
      span(cut(`${safeText(title)}${pulledIn ? ' (comes along)' : ''}`, width - 16)),
    ]),
    ...(more > 0 ? [[span(`… and ${more} more`, 'quiet')] satisfies Line] : []),
  ];
}

/** Rows besides those of the papers from which the features are listed by name: their heading and a few of them. */
const roomForNames = 5;

/** The candidate that was built, and its papers. */
export function StagingPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment, session } = state;
  if (!deployment)
    return (
      <Lines
        lines={nothingYet(
          'Staging',
          'No candidate yet. Choose features in Selection (2), then press n: the release branch, test plan, checklist, rollback procedure and scripts appear here, to be read and ticked in place.',
          width,
        )}
        width={width}
        height={height}
      />
    );
  const papers = deployment.papers ?? [];
  const cursor = Math.min(session.cursors.staging, papers.length - 1);
  const above = (named: boolean): Line[] => [
    blank,
    ...candidateLines(deployment, width, named),
    ...(deployment.stages.staging.status === 'failed' ? [blank, ...failureLines(deployment, width)] : []),
    blank,
    section(
      papers.length > 0
        ? `papers (${papers.length}) in deployment_memory/${isActive(deployment) ? 'current' : 'history'}/${deployment.id}`
        : 'steps',
      width,
    ),
  ];
  const all =
    papers.length === 0
      ? stepLines(deployment, state.events, session.now)
      : paperLines(deployment, cursor, width);
  const spare = height - 2 - above(true).length - all.length;
  const named = deployment.source.features.length > 0 && spare >= roomForNames;
  const top = above(named);
  const room = Math.max(1, height - 2 - top.length);
  const { from, to } = windowOf(papers.length, cursor, room);
  const list = [
    ...(papers.length === 0 ? all : all.slice(from, to)),
    ...(named ? shippedLines(deployment, width, spare) : []),
  ];
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          heading(
            'Staging',
            [span(`${deployment.id} · ${safeText(deployment.environment)}`, 'quiet')],
            width,
          ),
        ]}
        width={width}
        height={1}
      />
      <StatusRow deployment={deployment} width={width} />
      <Lines lines={top} width={width} height={top.length} />
      <Lines
        lines={list}
        width={width}
        height={room}
        selected={papers.length > 0 && session.focus === 'main' ? cursor - from : -1}
      />
    </Box>
  );
}
