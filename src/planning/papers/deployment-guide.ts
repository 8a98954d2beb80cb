import { artifactWords } from '../../domain/artifact.ts';
import { askedRows } from './asked-rows.ts';
import { candidatePlaces, saidOf } from '../../domain/places.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { stages as stageNames } from '../../domain/plan.ts';
import type { Document } from '../../ports/memory.ts';
import { afterTicks, beforeTicks } from './checklist.ts';
import {
  instant,
  isHighRisk,
  riskLabel,
  schedule,
  shippedVersion,
  successChance,
  successCriteria,
} from './facts.ts';
import { commitsSection, featuresSection } from './features-section.ts';
import { blocks, bullets, code, codeBlock, md, steps, table, ticks } from '../../domain/markdown.ts';
import { rollbackSection } from './rollback-procedure.ts';
import { shellWord } from './scripts.ts';
import { testSection } from './test-plan.ts';

function summary(deployment: Deployment): string {
  const { stable, source, plan, by, why } = deployment;
  const version = shippedVersion(deployment);
  const count = source.features.length;
  return blocks(
    table(
      ['', ''],
      [
        [
          'Environment',
          `${code(deployment.environment)} (${candidatePlaces(plan)
            .map((p) => saidOf(plan, p.key, `${p.host}:${p.port}`))
            .join(', ')})`,
        ],
        [
          'Ships',
          version
            ? `${code(version.name)} (${code(version.sha.slice(0, 12))}), ${count} feature${count === 1 ? '' : 's'}`
            : `${count} features, not built yet`,
        ],
        [
          'Replaces',
          stable
            ? `${code(stable.name)} (${code(stable.sha.slice(0, 12))})`
            : 'nothing: the first deployment here',
        ],
        ...(deployment.candidate.kind === 'none'
          ? []
          : (deployment.candidate.regenerated ?? []).map(({ path, tool, reason }) => [
              'Regenerated',
              `${code(path)} by ${md(tool)}: ${md(reason)}`,
            ])),
        ...(deployment.artifact
          ? [
              ['Artifact', md(artifactWords(deployment.artifact), 500)],
              ...(deployment.artifact.kind === 'stored'
                ? (deployment.artifact.notes ?? []).map((note) => ['', md(note, 500)])
                : []),
            ]
          : []),
        ['Risk', `**${riskLabel(deployment)}**`],
        ['Chance of success', successChance(deployment)],
        ['Strategy', `${md(plan.strategy)}: ${md(plan.strategyReason)}`],
        ['Earliest end', `${formatDuration(plan.estimates.earliestPromotionMs)} after the rollout begins`],
        ['Requested', `${instant(deployment.requestedAt)} by ${md(by.name)}${why ? `: ${md(why)}` : ''}`],
        ...askedRows(deployment),
      ],
    ),
    isHighRisk(deployment)
      ? '> **HIGH RISK.** Ship it when people are there to watch, a little at a time, with the rollback section read beforehand.'
      : undefined,
    plan.notes.length > 0 ? bullets(plan.notes.map((note) => md(note))) : undefined,
  ).trimEnd();
}

function riskSection({ risk }: Deployment): string {
  if (!risk || risk.factors.length === 0)
    return 'Nothing in the history of this repository speaks for or against this deployment in particular.';
  return bullets(
    risk.factors
      .toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
      .slice(0, 8)
      .map(
        ({ text, effect }) =>
          `${md(text)} (${effect < 0 ? '−' : '+'}${Math.abs(100 * effect).toFixed(1)} points)`,
      ),
  );
}

function phasesSection(deployment: Deployment): string {
  const rows = schedule(deployment).map(({ name, share, fromMs, toMs }) => [
    md(name),
    share,
    formatDuration(toMs - fromMs),
    `${fromMs === 0 ? 'at once' : `+${formatDuration(fromMs)}`} to +${formatDuration(toMs)}`,
  ]);
  return blocks(
    table(['Phase', 'Traffic', 'Watched for', 'Earliest, after the rollout begins'], rows),
    `Each phase passes only when all of this holds. Too little data never counts as good news: it extends the phase, to ${formatDuration(Math.max(...deployment.plan.phases.map((phase) => phase.extendToMs)))} at most, and then pauses for a person.`,
    bullets(successCriteria(deployment)),
  ).trimEnd();
}

function standing({ stages }: Deployment): string {
  return table(
    ['Stage', 'State', 'Ended'],
    stageNames.map((stage) => {
      const state = stages[stage];
      const ended = state.status !== 'pending' && state.status !== 'active';
      return [stage, state.status, ended ? instant(state.finishedAt) : '–'];
    }),
  );
}

function issuesSection(environment: string): string {
  const rollback = code(`orchestrate deploy rollback --env ${shellWord(environment)}`);
  return table(
    ['', 'What it looks like', 'What to do', 'Within'],
    [
      [
        'P0',
        'Users cannot use the product, or data is being damaged',
        `Take it back at once (${rollback}), then look for the cause`,
        'a minute',
      ],
      [
        'P1',
        'An important path fails for some, or is far slower',
        'Pause the rollout; take it back unless the cause is understood and small',
        '15 minutes',
      ],
      [
        'P2',
        'A nuisance with a way around it',
        'Let the rollout go on, note it, mend it in the next deployment',
        'a working day',
      ],
    ],
  );
}

function gitSection(deployment: Deployment): string {
  const version = shippedVersion(deployment);
  const sha = version && /^[0-9a-f]{40,64}$/.test(version.sha) ? version.sha : undefined;
  const old =
    deployment.stable && /^[0-9a-f]{40,64}$/.test(deployment.stable.sha) ? deployment.stable.sha : undefined;
  if (sha === undefined) return 'The candidate is not built yet.';
  return codeBlock(
    [
      ...(old === undefined ? [] : [`git log --oneline ${old}..${sha}`, `git diff --stat ${old} ${sha}`]),
      `git show --stat ${sha}`,
      `git worktree add --detach ../candidate ${sha}`,
    ],
    'sh',
  );
}

/** `DEPLOYMENT_GUIDE.md`: everything a person needs for this deployment, in the order in which they need it. */
export function deploymentGuide(deployment: Deployment): Document {
  const after = afterTicks(deployment);
  const environment = shellWord(deployment.environment);
  const commits = commitsSection(deployment);
  return {
    name: 'DEPLOYMENT_GUIDE.md',
    text: blocks(
      `# Deployment guide: ${code(deployment.environment)}, ${code(deployment.id)}`,
      summary(deployment),
      '## What ships, and why',
      featuresSection(deployment),
      '## What could go wrong',
      riskSection(deployment),
      '## Before',
      ticks(beforeTicks(deployment)),
      'The whole list, with what is for people to see to, is in `CHECKLIST.md`.',
      '## Tests',
      testSection(deployment),
      '## The rollout',
      phasesSection(deployment),
      'Follow it from any terminal:',
      codeBlock([`orchestrate status --monitor`, `orchestrate deploy status --env ${environment}`], 'sh'),
      '## Rollback',
      rollbackSection(deployment),
      '## If something happens',
      issuesSection(deployment.environment),
      '## After: the first 30 minutes',
      ticks(after.soon),
      '## After: the first day',
      ticks(after.later),
      '## Where it stands',
      `As of ${instant(deployment.updatedAt)}; \`orchestrate status\` knows the present.`,
      standing(deployment),
      '## Who should know',
      table(
        ['When', 'Who', 'What'],
        [
          ['before the rollout', 'whoever is on call, support', 'what ships, the risk, how long it takes'],
          [
            'when it pauses or is taken back',
            'whoever is on call, the authors of the features',
            'the reason and the numbers, from the report',
          ],
          ['when it has succeeded', 'support, the authors', 'the version that serves, what is new for users'],
        ],
      ),
      commits ? '## Commits' : undefined,
      commits,
      '## With git',
      gitSection(deployment),
      '## Beside this file',
      bullets([
        '`DEPLOYMENT_PLAN.md`: who does what and when, every tick and time as it stands now',
        '`TEST_PLAN.md`, `CHECKLIST.md`, `ROLLBACK.md`: parts of this guide, each for itself',
        '`deploy.sh`, `verify.sh`, `rollback.sh`: the same by script',
        '`journal.ndjson`: what really happened, line by line, as it happens',
      ]),
      '## Next',
      steps([
        'Read the rollback section, and say who watches.',
        'Let the tests run; a failure stops here.',
        'Start the rollout, and stay until the last phase has passed.',
      ]),
    ),
  };
}
