import type { ChecklistItem } from '../../../domain/checklist.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import type { GateResult } from '../../../domain/gate.ts';
import { blocks, bullets, code, md, ticks } from '../../../domain/markdown.ts';
import { isFlaky, runCounts } from '../../../domain/suite-run.ts';
import { checklistRows, isSeen } from '../../../domain/ticks.ts';
import { checklistItems } from '../checklist.ts';
import { instant, shippedVersion } from '../facts.ts';
import { shellWord } from '../scripts.ts';

type Tick = { done: boolean; text: string };

/** The candidate and each suite, as they stand. */
function builtAndTested(d: Deployment): Tick[] {
  const version = shippedVersion(d);
  const built: Tick =
    d.candidate.kind === 'none'
      ? { done: false, text: 'The candidate is built' }
      : { done: true, text: `The candidate is built: ${code((version?.sha ?? '').slice(0, 12))}` };
  const suites = d.plan.suites.map(({ name, kind }): Tick => {
    const state = d.suites.find(({ suite }) => suite === name);
    if (!state) return { done: false, text: `Suite ${code(name)} (${kind}) passes: not run yet` };
    const runs = runCounts(state);
    const how = `${formatDuration(state.durationMs)}${runs === undefined ? '' : `, ${runs}`}`;
    if (state.status === 'passed')
      return {
        done: true,
        text: `Suite ${code(name)} passed in ${how}${isFlaky(state) ? ', **only when run again**' : ''}`,
      };
    const first = state.failures?.[0];
    const word = state.status === 'timed_out' ? 'did not end in time' : 'failed';
    return {
      done: false,
      text: `Suite ${code(name)} **${word}** after ${how}${first === undefined ? '' : `: ${md(first, 200)}`}`,
    };
  });
  const none: Tick[] =
    suites.length > 0
      ? []
      : [{ done: false, text: `No suite runs: ${md(d.plan.suitesSkipped ?? 'orchestra.yaml names none')}` }];
  return [built, ...suites, ...none];
}

function gateTick({ id, status, title, detail, fix, severity, override }: GateResult): Tick {
  const name = `${md(title, 200)} (${code(id)})`;
  if (status === 'passed') return { done: true, text: `${name}: ${md(detail, 300)}` };
  if (status === 'skipped') return { done: false, text: `${name}: skipped, ${md(detail, 300)}` };
  const told = override
    ? `**failed, let pass by ${md(override.by, 100)}** (${md(override.why, 200)})`
    : severity === 'blocking'
      ? '**failed, and stops it**'
      : '**failed, told only**';
  return {
    done: false,
    text: `${name}: ${told}: ${md(detail, 300)}${fix === undefined ? '' : `. To do: ${md(fix, 300)}`}`,
  };
}

/** Every gate of before production as it was found; one line that they come, before anybody looked. */
function gateTicks({ plan, gates, environment }: Deployment): Tick[] {
  if (gates?.before) return gates.before.map(gateTick);
  if (!plan.gates) return [];
  return [
    {
      done: false,
      text: `The gates before production pass: looked at when it begins; ${code(`orchestrate deploy validate --env ${shellWord(environment)}`)} looks now`,
    },
  ];
}

function peopleTicks(d: Deployment, due: ChecklistItem['due']): Tick[] {
  const rows =
    d.checklist.length > 0
      ? checklistRows(d)
      : checklistItems(d).map((item) => ({
          ...item,
          done: item.seen !== undefined && isSeen(d, item.seen),
          tick: undefined,
        }));
  return rows
    .filter((row) => row.due === due && !row.seen)
    .map(({ done, text, tick }) => ({
      done,
      text: tick ? `${text} (${md(tick.by.name, 100)}, ${instant(tick.at)})` : text,
    }));
}

/** What people look at themselves after all traffic is on the new version. */
export function laterTicks(d: Deployment): { soon: Tick[]; later: Tick[] } {
  return { soon: peopleTicks(d, 'soon'), later: peopleTicks(d, 'later') };
}

/** Who said yes, and whose yes is still missing. */
function signOffs({ plan, approval, by }: Deployment): string[] {
  const { approval: asked } = plan;
  const overrides = (plan.gates?.overrides ?? []).map(
    ({ gate, by: who, why }) => `Gate ${code(gate)} may fail: ${md(who, 100)} said so (${md(why, 200)})`,
  );
  if (!asked)
    return [`${md(by.name, 100)} asked for it; no further yes is needed in this environment.`, ...overrides];
  const who = asked.byAnother ? `somebody other than ${md(by.name, 100)}` : 'somebody';
  const yes =
    approval?.kind === 'given'
      ? `${md(approval.by.name, 100)} said yes to all traffic.`
      : approval
        ? `**Waits since ${instant(approval.since)}** for a yes by ${who}; without an answer for ${formatDuration(asked.timeoutMs)} it is rolled back.`
        : `All traffic will wait for a yes by ${who}, ${formatDuration(asked.timeoutMs)} at most.`;
  return [yes, ...overrides];
}

/** The checklist before production, every tick as it stands now. */
export function beforeSection(d: Deployment): string {
  const seen = [...builtAndTested(d), ...gateTicks(d)];
  const people = peopleTicks(d, 'before');
  const open = people.filter(({ done }) => !done).length;
  return blocks(
    '### What Orchestra checks',
    ticks(seen),
    '### What people see to',
    ticks(people),
    open > 0 && d.status.kind !== 'finished'
      ? `${open} of ${people.length} open. Tick one with ${code('space')} in Staging, or ${code('orchestrate deploy tick NUMBER')}; ${code('orchestrate status')} numbers them.`
      : undefined,
    '### Sign-offs',
    bullets(signOffs(d)),
  ).trimEnd();
}
