import type { Deployment } from '../../src/domain/deployment.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { checklistRows, openBefore } from '../../src/domain/ticks.ts';
import { fit, widthOf } from '../fit.ts';
import { type Line, span, type Tone } from '../theme.ts';

/** What a paper is for, where it is one of those that are always written. */
const purposes: Readonly<Record<string, string>> = {
  'DEPLOYMENT_GUIDE.md': 'everything in one paper',
  'TEST_PLAN.md': 'what is tested, and what to look at by hand',
  'ROLLBACK.md': 'how to go back, step by step',
  'deploy.sh': 'ships this candidate from a shell',
  'verify.sh': 'asks whether it really serves',
  'rollback.sh': 'takes the traffic back from a shell',
};

/** A paper's path as it is listed. */
export const paperName = (path: string) => path.split('/').slice(2).join('/') || path;

function told(deployment: Deployment, name: string): { text: string; tone: Tone } {
  if (name === 'CHECKLIST.md' && deployment.checklist.length > 0) {
    const rows = checklistRows(deployment);
    const open = openBefore(deployment).length;
    const done = rows.filter((row) => row.done).length;
    return {
      text: `${done} of ${rows.length} ticked, ${open === 0 ? 'none' : open} open before production`,
      tone: open === 0 ? 'ok' : 'warn',
    };
  }
  return { text: Object.hasOwn(purposes, name) ? (purposes[name] ?? '') : '', tone: 'quiet' };
}

/** The papers as a list, the cursor on one of them. Pure. */
export function paperLines(deployment: Deployment, cursor: number, width: number): Line[] {
  const names = (deployment.papers ?? []).map((path) => safeText(paperName(path)));
  const column = Math.min(Math.floor(width / 2), Math.max(0, ...names.map(widthOf)) + 2);
  return names.map((name, i): Line => {
    const { text, tone } = told(deployment, name);
    return [span(i === cursor ? '▸ ' : '  ', 'accent', true), span(fit(name, column)), span(text, tone)];
  });
}
