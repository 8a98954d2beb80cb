import { counted } from '../../../domain/counted.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { restWords } from '../../../domain/rest-words.ts';
import { linkWords } from '../../../domain/link.ts';
import { blocks, bullets, code, md, steps, table, ticks } from '../../../domain/markdown.ts';
import { candidatePlaces, saidOf } from '../../../domain/places.ts';
import type { Document } from '../../../ports/memory.ts';
import { instant, isHighRisk, riskLabel, schemaChanges, shippedVersion, successChance } from '../facts.ts';
import { featuresSection } from '../features-section.ts';
import { authorsOf, listedNames } from '../people.ts';
import { rollbackSection } from '../rollback-procedure.ts';
import { beforeSection, laterTicks } from './before.ts';
import { commitStructure } from './commits.ts';
import { nextSteps, standing } from './next.ts';
import { communicationSection, responseSection } from './response.ts';
import { rolloutSection } from './rollout.ts';
import { timelineSection } from './timeline.ts';

export const deploymentPlanName = 'DEPLOYMENT_PLAN.md';

/** The whole of it in two or three sentences. */
function opening(d: Deployment): string {
  const { source, stable, plan } = d;
  const count = source.features.length;
  const commits = source.features.reduce((sum, feature) => sum + feature.commits.length, 0);
  const version = shippedVersion(d);
  const what =
    count === 0
      ? `Brings ${version ? code(version.name, 100) : 'an existing revision'}`
      : `Ships ${count === 1 ? `**${md(source.features[0]?.title ?? '', 100)}**` : counted(count, 'feature')} (${counted(commits, 'commit')} by ${listedNames(authorsOf(d))})`;
  const where = `to ${code(d.environment)}${stable ? `, where ${code(stable.name, 100)} serves now` : ', where nothing serves yet'}`;
  const steps = plan.phases.length;
  const how = `${counted(steps, 'phase')}, ${formatDuration(plan.estimates.earliestPromotionMs)} at the earliest until ${stable ? 'everybody has it' : 'it serves'}`;
  const back = stable
    ? ` Going back takes ${formatDuration(plan.estimates.longestRollbackMs)} at most while the old version still runs.`
    : ' There is no version to go back to: if it fails its checks it is stopped, and nothing serves.';
  return `${what} ${where}: ${md(plan.strategy)} in ${how}.${back}`;
}

function warning(d: Deployment): string | undefined {
  if (!isHighRisk(d)) return undefined;
  const schema = schemaChanges(d);
  const why =
    schema.length > 0
      ? `it changes the stored data’s schema (${schema
          .slice(0, 3)
          .map(({ title }) => md(title, 100))
          .join('; ')}${schema.length > 3 ? `; ${schema.length - 3} more` : ''})`
      : 'of what ships and how such deployments went before';
  return `> **HIGH RISK**, because ${why}. Two people are there while it rolls out, and both have read “Rollback”${schema.length > 0 ? ', the part about the data above all' : ''}.`;
}

function summary(d: Deployment): string {
  const { stable, plan, by, why } = d;
  const version = shippedVersion(d);
  const links = linkWords(d.links ?? []);
  const places = candidatePlaces(plan)
    .map((place) => saidOf(plan, place.key, `${place.host}:${place.port}`))
    .join(', ');
  return table(
    ['', ''],
    [
      ['Stands', `${standing(d)} (as of ${instant(d.updatedAt)})`],
      ['Ships', version ? `${code(version.name, 100)} (${code(version.sha.slice(0, 12))})` : 'not built yet'],
      [
        'Replaces',
        stable
          ? `${code(stable.name, 100)} (${code(stable.sha.slice(0, 12))})`
          : 'nothing: the first deployment here',
      ],
      ['Where', `${code(d.environment)} (${md(places, 300)})`],
      ['Risk', `${riskLabel(d)}; chance of success ${successChance(d)}`],
      [
        'Asked for',
        `by ${md(by.name, 100)}, ${instant(d.requestedAt)}${why === undefined ? '' : `: ${md(why)}`}`,
      ],
      ...(links.length > 0 ? [['Belongs to', md(links.join('; '), 500)]] : []),
      ...(d.restOf ? [['The rest of', md(restWords(d.restOf), 500)]] : []),
    ],
  );
}

/** What Orchestra looks at itself once everybody has the new version, and what is left to people. */
function afterSection(d: Deployment): string {
  const { verification, triggers } = d.plan;
  const people = laterTicks(d);
  const checks = `health and restarts of every copy, the version that answers, error rate (at most ${triggers.errorRate} %) and p95 against before (+${triggers.latencyIncrease} %), new errors in the log, memory`;
  const minutes = verification ? formatDuration(verification.soonMs) : '30 min';
  const hours = verification ? formatDuration(verification.laterMs) : '24 h';
  return blocks(
    verification
      ? `Orchestra looks every ${formatDuration(verification.everyMs)} for ${minutes}, then every ${formatDuration(verification.laterEveryMs)} until ${hours}: ${checks}. It writes what it saw into \`VERIFICATION.md\`, tells a finding, and takes nothing back by itself.`
      : `Verification is off here: nobody looks by itself. ${code(`orchestrate deploy verify`)} makes one look: ${checks}.`,
    `### 0 to ${minutes}, by people`,
    ticks(people.soon),
    `### ${minutes === '30 min' ? '1 to 24 h' : `Until ${hours}`}, by people`,
    ticks(people.later),
  ).trimEnd();
}

function success(d: Deployment): string[] {
  const { stable, verified, status, phases, suites, plan } = d;
  const done = status.kind === 'finished' && status.outcome === 'succeeded';
  const passed = plan.suites.filter(({ name }) =>
    suites.some((state) => state.suite === name && state.status === 'passed'),
  ).length;
  const through = phases.filter(({ decision }) => decision?.kind === 'continue').length;
  return [
    ...(plan.suites.length > 0
      ? [`all ${counted(plan.suites.length, 'suite')} pass on this very candidate (${passed} so far)`]
      : []),
    `${phases.length === 1 ? 'its phase passes' : `all ${phases.length} phases pass`} without a person having to take it back (${through} so far)`,
    `through the router the expected version answers${verified ? ' (seen)' : ''}`,
    `at most ${plan.triggers.errorRate} % errors${stable ? ` and p95 at most ${plan.triggers.latencyIncrease} % above ${code(stable.name, 60)}` : ''}, still so after the verification`,
    ...(done ? ['**Promoted: what is left is the verification.**'] : []),
  ];
}

/** `DEPLOYMENT_PLAN.md` (REQUIREMENTS L2): the one paper a release manager works from, every tick and time as of the deployment's last event. */
export function deploymentPlan(d: Deployment): Document {
  return {
    name: deploymentPlanName,
    text: blocks(
      `# Deployment plan: ${code(d.environment)}, ${code(d.id)}`,
      opening(d),
      warning(d),
      summary(d),
      d.plan.notes.length > 0
        ? `To know before saying yes:\n\n${bullets(d.plan.notes.map((note) => md(note)))}`
        : undefined,
      '## 1. Before it goes to production',
      beforeSection(d),
      '## 2. What ships',
      featuresSection(d),
      '## 3. The rollout',
      rolloutSection(d),
      '## 4. Commits',
      commitStructure(d),
      '## 5. After: verification',
      afterSection(d),
      '## 6. If something goes wrong',
      responseSection(d),
      '## 7. Rollback',
      rollbackSection(d),
      '## 8. It has succeeded when',
      bullets(success(d)),
      '## 9. Communication',
      communicationSection(d),
      '## 10. Timeline',
      timelineSection(d),
      '## 11. Next',
      steps(nextSteps(d)),
    ),
  };
}
