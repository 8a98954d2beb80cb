import { Box } from 'ink';
import type { Deployment } from '../../src/domain/deployment.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { candidateVersion, versionName } from '../../store/dialogs.ts';
import type { Events } from '../../store/event-log.ts';
import { useUi } from '../../store/hooks.ts';
import { isActive, whyNotRollBack } from '../../store/reasons.ts';
import type { UiState } from '../../store/state.ts';
import { culpritLines } from '../culprit-text.ts';
import { failureLines } from '../deployment-text.ts';
import { wrap } from '../fit.ts';
import { productionGates, type Told } from '../standing/production-gates.ts';
import { Lines } from '../Lines.tsx';
import { agentLines, stuckLines } from '../production/attention.ts';
import { decisionLines } from '../production/decisions.ts';
import { evidenceLines } from '../production/evidence.ts';
import { flagLines, ladderLines, trafficLine } from '../production/ladder.ts';
import { measureLines } from '../production/measures.ts';
import { placeLines } from '../production/places.ts';
import { sideLines } from '../production/sides.ts';
import { upcoming } from '../production/upcoming.ts';
import { StatusRow } from '../StatusRow.tsx';
import { blank, type Line, span } from '../theme.ts';
import { heading, type PaneProps, section } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

/** Decisions that are shown before blank lines are. */
const fewDecisions = 4;

/** What stands above the decisions, block by block, with blank lines between where there is room for them. */
function arranged(blocks: readonly (readonly Line[])[], height: number): Line[] {
  const filled = blocks.filter((block) => block.length > 0);
  const lines = filled.reduce((sum, block) => sum + block.length, 0);
  const airy = lines + filled.length - 1 + 1 + fewDecisions <= height;
  return filled.flatMap((block, i) => (airy && i > 0 ? [blank, ...block] : block));
}

interface ProductionView {
  now: number;
  description?: string;
  attended?: UiState['attended'];
  /** The process of this screen. */
  ownPid?: number;
  width: number;
  height: number;
}

/** The rollout under way in as many lines as there are. Pure. */
export function productionLines(
  deployment: Deployment,
  events: Events,
  { now, description, attended, ownPid = 0, width, height }: ProductionView,
): Line[] {
  const versions: Line = [
    span(versionName(deployment.stable), 'plain'),
    span(' → ', 'quiet'),
    span(versionName(candidateVersion(deployment)), 'plain', true),
  ];
  const blocks = (sentences: readonly string[], gates: Told): Line[][] => [
    [versions, ...(description ? [[span(safeText(description), 'quiet')]] : [])],
    stuckLines(attended, width),
    [
      trafficLine(deployment, width),
      ...flagLines(deployment),
      ...ladderLines(deployment, now, width, Math.max(3, Math.floor(height / 4))),
    ],
    culpritLines(deployment, width).slice(0, 7),
    sideLines(deployment, width),
    placeLines(deployment, width),
    evidenceLines(deployment, width),
    sentences.flatMap((text) =>
      wrap(text, width - 2).map((line, i) => [span(i === 0 ? '→ ' : '  ', 'accent'), span(line)]),
    ),
    measureLines(deployment, width),
    productionGates(deployment, gates, width),
    agentLines(attended, ownPid),
    failureLines(deployment, width).slice(0, 3),
  ];
  const next = upcoming(deployment, now);
  const fits = (of: readonly (readonly Line[])[]) => of.flat().length + 1 + fewDecisions <= height;
  const chosen = [blocks(next, 'all'), blocks(next, 'short')].find(fits);
  const lines = arranged(chosen ?? blocks(next.slice(0, 1), 'short'), height);
  const room = height - lines.length - 1;
  return [
    ...lines,
    ...(room > 0
      ? [section('decisions', width), ...decisionLines(events, deployment.phases, room, width)]
      : []),
  ];
}

/** The rollout: who gets which version, how both fare, and what was decided. */
export function ProductionPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const { deployment } = state;
  if (!deployment) {
    const row = state.environments.find((e) => e.name === state.environment);
    const serves = row?.deployed
      ? `${safeText(row.name)} serves ${versionName(row.deployed)} at ${safeText(row.url)}.${whyNotRollBack(state) === undefined ? ' r returns to the version before.' : ''}`
      : 'Nothing is deployed here yet.';
    return (
      <Lines
        lines={[
          ...nothingYet('Production', `No rollout is under way. ${serves}`, width),
          ...(row?.verification
            ? [
                blank,
                [
                  span(
                    safeText(row.verification, 500),
                    row.verification.includes('a finding:') ? 'bad' : 'quiet',
                  ),
                ],
              ]
            : []),
          ...(row?.description ? [blank, [span(safeText(row.description), 'quiet')]] : []),
        ]}
        width={width}
        height={height}
      />
    );
  }
  return (
    <Box flexDirection="column">
      <Lines
        lines={[
          heading('Production', [span(`${deployment.id} · ${deployment.plan.strategy}`, 'quiet')], width),
        ]}
        width={width}
        height={1}
      />
      <StatusRow deployment={deployment} width={width} />
      <Lines lines={linesOf(deployment, state, width, height - 2)} width={width} height={height - 2} />
    </Box>
  );
}

function linesOf(deployment: Deployment, state: UiState, width: number, height: number): Line[] {
  const { description } = state.environments.find((e) => e.name === deployment.environment) ?? {};
  return productionLines(deployment, state.events, {
    now: state.session.now,
    ...(state.attended?.id === deployment.id && isActive(deployment)
      ? { attended: state.attended, ownPid: state.link?.actor.pid ?? 0 }
      : {}),
    ...(description === undefined ? {} : { description }),
    width,
    height,
  });
}
