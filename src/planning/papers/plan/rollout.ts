import type { Deployment, PhaseState } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { blocks, bullets, code, md, table } from '../../../domain/markdown.ts';
import { shareWords } from '../../../domain/share-words.ts';
import { isHighRisk, leftWords, schemaChanges, successCriteria } from '../facts.ts';

const decisions = {
  wait: 'watched',
  continue: 'passed',
  pause: 'paused',
  roll_back: 'taken back',
} as const;

function stateOf({ startedAt, finishedAt, decision }: PhaseState, left: string | undefined): string {
  if (startedAt === undefined) return left === undefined ? 'open' : 'not reached';
  if (finishedAt === undefined) return left ?? '**under way**';
  return decision ? decisions[decision.kind] : 'over';
}

/** Why this strategy; and what a schema change would suggest where another was chosen (REQUIREMENTS D9). */
function strategyWords(d: Deployment): string {
  const { strategy, strategyReason } = d.plan;
  const schema = schemaChanges(d).length > 0;
  const canary = ['canary', 'ab', 'feature-flag'].includes(strategy);
  const suggested =
    schema && !canary && d.stable
      ? ' **A schema change suggests canary** (`--strategy canary`): few users would meet the new version on the new schema first.'
      : '';
  return `**${md(strategy)}**: ${md(strategyReason)}.${suggested}`;
}

/** What happens to users when this phase does not pass. */
function wayBack({ stable, plan }: Deployment, { weight, cohort, scale, flag }: PhaseState): string {
  if (!stable) return 'the new version is stopped; nothing served before it';
  const within = `within ${formatDuration(plan.estimates.longestRollbackMs)}`;
  const old = code(stable.name, 60);
  const first = flag !== undefined && plan.flag ? `${code(plan.flag.flag)} to 0 %, then ` : '';
  if (cohort?.kind === 'header') return `${first}requests with its header to ${old} ${within}`;
  if (scale && scale.stable === 0) return `${first}${old} is started again and gets all traffic, ${within}`;
  return `${first}${weight === 100 ? 'all traffic' : `${weight} % of the traffic`} back to ${old} ${within}`;
}

/** How it is rolled out: the strategy, each phase with what lets it pass and what follows where it does not. */
export function rolloutSection(d: Deployment): string {
  const { phases, plan } = d;
  const rows = phases.map((phase) => [
    md(phase.name),
    shareWords(phase),
    formatDuration(phase.bakeMs),
    phase.judged
      ? `${phase.minimumSample} requests seen, all criteria below hold`
      : 'healthy, and the expected version answers',
    wayBack(d, phase),
    stateOf(phase, leftWords(d)),
  ]);
  const longest = Math.max(...phases.map(({ extendToMs }) => extendToMs));
  const judged = phases.some((phase) => phase.judged);
  const asks = phases.filter((phase) => phase.asks).map(({ name }) => md(name));
  return blocks(
    strategyWords(d),
    table(['Phase', 'Traffic', 'Watched for', 'Passes when', 'Else', 'State'], rows),
    judged ? 'Criteria of every phase, measured side by side with the old version:' : undefined,
    judged ? bullets(successCriteria(d)) : undefined,
    judged
      ? `Too few requests are no good news: a phase then goes on, for ${formatDuration(longest)} in all, and pauses for a person.`
      : undefined,
    asks.length > 0
      ? `After ${asks.join(', ')} a person decides, both sides’ numbers before them.`
      : undefined,
    isHighRisk(d) && d.stable && phases[0] && phases[0].weight === 100 && plan.approval === undefined
      ? '> All users meet the new version at once, and it is HIGH RISK: have the way back ready before it starts.'
      : undefined,
  ).trimEnd();
}
