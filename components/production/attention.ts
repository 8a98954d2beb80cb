import { agentWords } from '../../src/domain/agent-words.ts';
import { attentionWords } from '../../src/domain/attention-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { UiState } from '../../store/state.ts';
import { wrap } from '../fit.ts';
import { type Line, span } from '../theme.ts';

type Attended = UiState['attended'];

/** Rows of the log that shows it. */
const logRows = 4;

/** What the deployment is stuck at, why, the end of the log that shows it, and what one can do; nothing while it is not stuck. */
export function stuckLines(attended: Attended, width: number): Line[] {
  const { attention } = attended ?? {};
  if (!attention?.stuck) return [];
  const { why, can, log = [] } = attention;
  return [
    ...wrap(safeText(`! stuck: it waits for ${attentionWords(attention)}`), width).map((text): Line => [
      span(text, 'warn', true),
    ]),
    ...(why === undefined ? [] : wrap(safeText(`  ${why}`), width).map((text): Line => [span(text)])),
    ...log.slice(-logRows).map((text): Line => [span(safeText(`  ${text}`), 'quiet')]),
    ...can.map(({ key, command, does }): Line => [
      span('→ ', 'accent'),
      span(safeText(key === undefined ? command : `${key}: ${command}`)),
      span(safeText(`  ${does}`), 'quiet'),
    ]),
  ];
}

/** Who works on it, where that is more than one person at this terminal and the conductor. */
export function agentLines(attended: Attended, ownPid: number): Line[] {
  const agents = attended?.agents ?? [];
  const others = agents.some(
    ({ kind, role, pid }) => kind === 'agent' || kind === 'ci' || (role === 'watches' && pid !== ownPid),
  );
  if (!others) return [];
  const words = agents.filter(({ pid, role }) => role !== 'watches' || pid !== ownPid).map(agentWords);
  return [[span('here   ', 'quiet'), span(safeText(words.join(' · ')))]];
}
