import { artifactWords } from '../../domain/artifact.ts';
import { askedRows } from './asked-rows.ts';
import { placeRows } from '../../domain/place-rows.ts';
import { checklistRows } from '../../domain/ticks.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { stages } from '../../domain/plan.ts';
import { linkWords } from '../../domain/link.ts';
import type { Sample } from '../../domain/sample.ts';
import { runCounts } from '../../domain/suite-run.ts';
import type { Document } from '../../ports/memory.ts';
import { actionsTable } from './actions-table.ts';
import {
  instant,
  numbersOf,
  outcomeNames,
  outcomeOf,
  riskLabel,
  shippedVersion,
  successChance,
} from './facts.ts';
import { featuresSection } from './features-section.ts';
import { shareWords } from '../../domain/share-words.ts';
import { blocks, bullets, code, codeBlock, md, table, ticks } from '../../domain/markdown.ts';
import { timelineOf } from './timeline.ts';

/** What it belongs to elsewhere, as a row; none where nothing is known. */
function linkRows({ links = [] }: Deployment): string[][] {
  return links.length === 0 ? [] : [['Belongs to', md(linkWords(links).join('; '), 500)]];
}

/** The last reading before `end`, which holds everything counted until then. */
function readingAt(samples: readonly Sample[], end: string | undefined): Sample | undefined {
  return samples.findLast((sample) => end === undefined || sample.at <= end);
}

/** The phases that began, as a Markdown table; a sentence when none did. */
export function phasesTable({ phases, samples }: Deployment): string {
  const begun = phases.filter((phase) => phase.startedAt !== undefined);
  if (begun.length === 0) return 'The rollout did not begin: no traffic reached the new version.';
  return table(
    ['Phase', 'Traffic', 'Requests to the new version so far', 'Errors', 'p95, new / old', 'Decision'],
    begun.map((phase) => {
      const reading = readingAt(samples, phase.finishedAt);
      const [fresh, old] = [numbersOf(reading?.candidate), numbersOf(reading?.stable)];
      return [
        md(phase.name),
        shareWords(phase),
        String(fresh.requests),
        fresh.requests === 0 ? '–' : `${fresh.errors} (${fresh.errorRate})`,
        `${fresh.p95} / ${old.p95}`,
        phase.decision ? md(phase.decision.verdict.reason) : 'none yet',
      ];
    }),
  );
}

/** How the new version fared in each place, as a Markdown table; undefined where there is only one. */
function placesTable(deployment: Deployment): string | undefined {
  const rows = placeRows(deployment);
  if (rows.length === 0) return undefined;
  return table(
    ['Place', 'Users at', 'Requests to the new version', 'Errors', 'p95'],
    rows.map(({ name, host, port, requests, errors, p95 }) => [
      md(name),
      code(`${host}:${port}`),
      String(requests),
      requests === 0 ? '–' : String(errors),
      p95 === undefined ? '–' : `${Math.round(p95)} ms`,
    ]),
  );
}

/** What happened when, as a Markdown table. */
export function timelineTable(deployment: Deployment): string {
  return table(
    ['When', 'What'],
    timelineOf(deployment).map(({ at, text }) => [instant(at), text]),
  );
}

/** What failed and what to do, as Markdown with the last log lines; undefined when nothing did. */
export function failureSection({ failure }: Deployment): string | undefined {
  if (!failure) return undefined;
  return blocks(
    `**${md(failure.message)}** (${code(failure.code)})`,
    failure.hint ? `What to do: ${md(failure.hint, 500)}` : undefined,
    failure.log && failure.log.length > 0 ? codeBlock(failure.log.slice(-40)) : undefined,
  ).trimEnd();
}

/** The plan's measures with their last reading, as a Markdown table; undefined where nothing was to be measured. */
export function measuresTable({ plan, measures }: Deployment): string | undefined {
  if (!plan.measures?.length) return undefined;
  return table(
    ['Measure', 'Compared with', 'Decides', 'Last verdict', 'Why'],
    plan.measures.map(({ name, compare, dryRun }) => {
      const verdict = measures.find((state) => state.name === name)?.last?.verdict;
      return [
        code(name),
        { threshold: 'its bounds', baseline: 'before', 'candidate-vs-stable': 'the old version' }[compare],
        dryRun ? 'no (dry run)' : 'yes',
        verdict?.kind ?? '–',
        verdict ? md(verdict.reason) : 'not read',
      ];
    }),
  );
}

function suitesTable({ suites }: Deployment): string {
  if (suites.length === 0) return 'No suite ran.';
  return table(
    ['Suite', 'Kind', 'Result', 'Time'],
    suites.map((state) => {
      const runs = runCounts(state);
      const status = state.status === 'timed_out' ? 'timed out' : state.status;
      return [
        code(state.suite),
        md(state.kind),
        runs === undefined ? status : `${status} (${runs})`,
        formatDuration(state.durationMs),
      ];
    }),
  );
}

/** The checklist as it was left: what is ticked, and by whom where a person did. */
function checklistSection(deployment: Deployment): string {
  return ticks(
    checklistRows(deployment).map(({ done, text, tick }) => ({
      done,
      text: tick ? `${text} (${md(tick.by.name, 100)}, ${instant(tick.at)})` : text,
    })),
  );
}

/** `execution-report.md`: what was done, how it went, and the numbers behind each decision. */
export function executionReport(deployment: Deployment): Document {
  const end = outcomeOf(deployment);
  const version = shippedVersion(deployment);
  const { status } = deployment;
  return {
    name: 'execution-report.md',
    text: blocks(
      `# Deployment ${code(deployment.id)} to ${code(deployment.environment)}: ${end ? outcomeNames[end.outcome] : 'under way'}`,
      end ? md(end.reason) : undefined,
      table(
        ['', ''],
        [
          [
            'Version',
            version ? `${code(version.name)} (${code(version.sha.slice(0, 12))})` : 'none was built',
          ],
          ['Before it', deployment.stable ? code(deployment.stable.name) : 'nothing'],
          ...(deployment.artifact ? [['Artifact', md(artifactWords(deployment.artifact), 500)]] : []),
          ['Strategy', md(deployment.plan.strategy)],
          ['Risk', riskLabel(deployment)],
          ['Chance of success said beforehand', successChance(deployment)],
          ['Took', status.kind === 'finished' ? formatDuration(status.durationMs) : '–'],
          ['Requested by', md(deployment.by.name)],
          ...askedRows(deployment),
          ...linkRows(deployment),
        ],
      ),
      deployment.failure ? '## What failed' : undefined,
      failureSection(deployment),
      '## Stages',
      table(
        ['Stage', 'Result', 'Why'],
        stages.map((stage) => {
          const state = deployment.stages[stage];
          const ended = state.status !== 'pending' && state.status !== 'active';
          return [stage, state.status, ended ? md(state.reason) : '–'];
        }),
      ),
      '## Tests',
      suitesTable(deployment),
      deployment.checklist.length > 0 ? '## Checklist' : undefined,
      deployment.checklist.length > 0 ? checklistSection(deployment) : undefined,
      '## Phases',
      phasesTable(deployment),
      placesTable(deployment) === undefined ? undefined : '## Places',
      placesTable(deployment),
      measuresTable(deployment) === undefined ? undefined : '## Measures',
      measuresTable(deployment),
      actionsTable(deployment) === undefined ? undefined : '## Checks, smoke tests and hooks',
      actionsTable(deployment),
      '## Features',
      featuresSection(deployment),
      '## Timeline',
      timelineTable(deployment),
      deployment.lessons && deployment.lessons.length > 0 ? '## Learned' : undefined,
      deployment.lessons ? bullets(deployment.lessons.map((lesson) => md(lesson, 500))) : undefined,
    ),
  };
}
