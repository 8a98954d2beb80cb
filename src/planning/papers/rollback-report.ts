import { failureWords } from '../../domain/after-action.ts';
import type { Deployment, PhaseState } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Version } from '../../domain/event.ts';
import type { Document } from '../../ports/memory.ts';
import { failureSection, measuresTable, phasesTable, timelineTable } from './execution-report.ts';
import { outcomeOf } from './facts.ts';
import { featuresSection } from './features-section.ts';
import { nextSteps } from './next-steps.ts';
import { ruleWords, verdictNumbers } from './verdict-words.ts';
import { blocks, bullets, code, md, steps, table } from '../../domain/markdown.ts';

function breaking(deployment: Deployment): PhaseState | undefined {
  return deployment.phases.findLast((phase) => phase.decision?.kind === 'roll_back');
}

function cause(deployment: Deployment): string {
  const phase = breaking(deployment);
  const verdict = phase?.decision?.verdict;
  const numbers = verdict ? verdictNumbers(verdict) : [];
  if (phase && verdict)
    return blocks(
      `In **${md(phase.name)}** it was ${md(ruleWords(verdict.rule))} that spoke: ${md(verdict.reason)}.`,
      numbers.length > 0
        ? table(
            ['Number', 'Value'],
            numbers.map(({ name, value }) => [md(name), md(value)]),
          )
        : undefined,
    ).trimEnd();
  const action = deployment.actions.findLast(({ status }) => status === 'failed');
  if (action && outcomeOf(deployment)?.reason === failureWords(action))
    return `**${md(failureWords(action))}**${action.log === undefined ? '' : `; what it wrote is in ${code(action.log)}`}.`;
  return (
    failureSection(deployment) ??
    `No rule and no failure is on record: ${md(outcomeOf(deployment)?.reason ?? 'the reason is not known')}.`
  );
}

/** A version by its name and its commit; by its commit alone where that is its name. */
const versionText = ({ name, sha }: Version) =>
  sha.startsWith(name) ? code(name) : `${code(name)} (${code(sha.slice(0, 12))})`;

/** Who may be behind it, with the traces that say so (REQUIREMENTS N6), then what the selection alone can say. */
function suspects(deployment: Deployment): string {
  const { culprit } = deployment;
  if (!culprit) return bySelection(deployment);
  const { kind, reason, suspects: all, errors, routes, unread } = culprit;
  return blocks(
    `**${md(reason)}.**`,
    all.length > 0
      ? table(
          ['Suspect', 'Evidence', 'Because'],
          all.map(({ title, strength, evidence }) => [md(title), strength, md(evidence.join('; '))]),
        )
      : undefined,
    kind === 'unknown' ? bySelection(deployment) : undefined,
    errors.length > 0 ? '### Errors in its log' : undefined,
    errors.length > 0
      ? table(
          ['Times', 'Error', 'Where', 'On stable too'],
          errors.map(({ count, name, message, frames, alsoStable }) => [
            String(count),
            md(message === '' ? name : `${name}: ${message}`),
            frames.map(({ path, line }) => code(`${path}:${line}`)).join(' ← ') || 'outside the repository',
            alsoStable ? 'yes' : 'no',
          ]),
        )
      : undefined,
    routes && routes.length > 0 ? '### Routes that fared worse than on stable' : undefined,
    routes && routes.length > 0
      ? table(
          ['Route', 'Failed', 'Slow', 'Failed on stable', 'Slow on stable'],
          routes.map((one) => [
            md(one.route),
            ...[one.failed, one.slow, one.stableFailed, one.stableSlow].map(String),
          ]),
        )
      : undefined,
    unread.length > 0 ? `Not looked at: ${md(unread.join('; '))}.` : undefined,
  ).trimEnd();
}

/** As far as the selection alone can say: one feature is named only when it shipped alone. */
function bySelection({ source }: Deployment): string {
  const chosen = source.features.filter((feature) => !feature.pulledIn);
  const [only] = chosen;
  if (only && chosen.length === 1)
    return `${md(only.title)} was the only feature that was chosen${source.features.length > 1 ? ` (with ${source.features.length - 1} it needs)` : ''}: the cause is in it, or in what surrounded it.`;
  if (chosen.length === 0)
    return 'Which change is behind it is unknown: the revision came without a feature list.';
  const byRisk = chosen.toSorted((a, b) => a.risk.probability - b.risk.probability).slice(0, 3);
  return blocks(
    `Which of the ${chosen.length} features is behind it is unknown. Those with the lowest chance of success beforehand:`,
    bullets(byRisk.map(({ title, risk }) => `${md(title)} (${Math.round(risk.probability * 100)} %)`)),
  ).trimEnd();
}

function reach(deployment: Deployment): string {
  const most = Math.max(
    0,
    ...deployment.phases.flatMap((phase) => (phase.weightAt === undefined ? [] : [phase.weight])),
  );
  const last = deployment.samples.at(-1)?.candidate;
  const first = deployment.phases.find((phase) => phase.weightAt !== undefined)?.weightAt;
  const end =
    breaking(deployment)?.finishedAt ??
    (deployment.status.kind === 'finished' ? deployment.status.at : undefined);
  if (most === 0 || first === undefined) return 'No user request reached the new version.';
  const time =
    end === undefined ? '' : ` for ${formatDuration(Math.max(0, Date.parse(end) - Date.parse(first)))}`;
  const errors = last ? last.status[4] + last.failures : 0;
  const byHeader = deployment.phases.every(
    (phase) => phase.weightAt === undefined || phase.cohort?.kind === 'header',
  );
  const whose = byHeader ? 'the requests with its header' : `at most ${most} % of the traffic`;
  return `The new version had ${whose}${time}; it answered ${last?.requests ?? 0} requests, ${errors} of them with an error.`;
}

/** The new version goes on, its flag at 0 %: only the feature was taken back. */
function kept({ candidate, plan }: Deployment): string | undefined {
  if (candidate.kind !== 'promoted' || !plan.flag) return undefined;
  return `Still serving: the new version ${code(candidate.version.name)}, with ${code(plan.flag.flag)} at 0 %.`;
}

/** `rollback-report.md`: why it was taken back, whom it reached, and what to do before trying again (R3). */
export function rollbackReport(deployment: Deployment): Document {
  const { stable } = deployment;
  return {
    name: 'rollback-report.md',
    text: blocks(
      `# Rollback of deployment ${code(deployment.id)} in ${code(deployment.environment)}`,
      md(outcomeOf(deployment)?.reason ?? 'The rollback is under way.'),
      kept(deployment) ??
        (stable
          ? `${deployment.restored ? 'Serving again' : 'To serve again'}: ${versionText(stable)}.`
          : 'Nothing served before this deployment, so nothing serves now.'),
      '## Why',
      cause(deployment),
      '## Whom it reached',
      reach(deployment),
      '## What may be behind it',
      suspects(deployment),
      '## The numbers',
      phasesTable(deployment),
      measuresTable(deployment),
      '## What was shipped',
      featuresSection(deployment),
      '## Timeline',
      timelineTable(deployment),
      '## Before the next attempt',
      steps(nextSteps(deployment, breaking(deployment)?.decision?.verdict)),
    ),
  };
}
