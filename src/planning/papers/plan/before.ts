import { approvalRule, missingWords } from '../../../domain/approvals.ts';
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

/** Gates that had nothing to look at are no open points. */
function skippedGates({ gates }: Deployment): string[] {
  return (gates?.before ?? [])
    .filter(({ status }) => status === 'skipped')
    .map(({ id, title, detail }) => `${md(title, 200)} (${code(id)}): ${md(detail, 300)}`);
}

/** Every gate of before production that was looked at; one line that they come, before anybody looked. */
function gateTicks({ plan, gates, environment }: Deployment): Tick[] {
  if (gates?.before) return gates.before.filter(({ status }) => status !== 'skipped').map(gateTick);
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

/** Who signed it off, who said yes to all traffic, and whose word is still missing. */
function signOffs(d: Deployment): string[] {
  const { plan, by, updatedAt, approval, yeses = [] } = d;
  const given = [...(plan.gates?.signOffs ?? []), ...(d.signOffs ?? [])].map(
    ({ name, by: who, at }) => `${code(name)}: ${md(who.name, 100)}, ${instant(at)}`,
  );
  const asked = (plan.gates?.settings.sign_offs.names ?? [])
    .filter((name) => !given.some((line) => line.startsWith(`${code(name)}:`)))
    .map((name) => `${code(name)}: **missing**; ${code(`orchestrate deploy sign-off ${name}`)}`);
  const said = yeses.map(
    ({ by: who, at }) => `${md(who.name, 100)} said yes to all traffic, ${instant(at)}.`,
  );
  const missing =
    plan.approval && approval?.kind !== 'given'
      ? [
          `All traffic needs the yes of ${md(approvalRule(plan.approval), 300)}: ${md(missingWords(d, new Date(updatedAt)), 300)}.`,
        ]
      : [];
  const overrides = (plan.gates?.overrides ?? []).map(
    ({ gate, by: who, why }) => `Gate ${code(gate)} may fail: ${md(who, 100)} said so (${md(why, 200)})`,
  );
  const all = [...given, ...asked, ...said, ...missing];
  return [
    ...(all.length > 0
      ? all
      : [`${md(by.name, 100)} asked for it; no further yes is needed in this environment.`]),
    ...overrides,
  ];
}

/** The checklist before production, every tick as it stands now. */
export function beforeSection(d: Deployment): string {
  const seen = [...builtAndTested(d), ...gateTicks(d)];
  const skipped = skippedGates(d);
  const people = peopleTicks(d, 'before');
  const open = people.filter(({ done }) => !done).length;
  return blocks(
    '### What Orchestra checks',
    ticks(seen),
    skipped.length > 0 ? 'Nothing to look at here, and so neither open nor proved:' : undefined,
    skipped.length > 0 ? bullets(skipped) : undefined,
    '### What people see to',
    ticks(people),
    open > 0 && d.status.kind !== 'finished'
      ? `${open} of ${people.length} open. Tick one with ${code('space')} in Staging, or ${code('orchestrate deploy tick NUMBER')}; ${code('orchestrate status')} numbers them.`
      : undefined,
    '### Sign-offs',
    bullets(signOffs(d)),
  ).trimEnd();
}
