import { actionWords, pointWords } from '../../domain/action.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { code, md, table } from '../../domain/markdown.ts';

/** What checks, smoke tests and hooks said, as a Markdown table; undefined when none ran. */
export function actionsTable({ actions, phases }: Deployment): string | undefined {
  if (actions.length === 0) return undefined;
  return table(
    ['What', 'When', 'Result', 'Took', 'Said', 'Output'],
    actions.map((action) => {
      const phase = action.phase === undefined ? undefined : phases[action.phase]?.name;
      const { detail, expected, actual } = action;
      return [
        md(actionWords(action)),
        md(phase === undefined ? pointWords[action.point] : `${pointWords[action.point]} ${phase}`),
        action.status,
        formatDuration(action.durationMs),
        md(expected === undefined ? detail : `${detail}: expected ${expected}, got ${actual ?? 'nothing'}`),
        action.log === undefined ? '–' : code(action.log),
      ];
    }),
  );
}
