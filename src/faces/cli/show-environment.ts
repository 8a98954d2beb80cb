import { counted } from '../../domain/counted.ts';
import { formatDuration } from '../../domain/duration.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { EnvironmentConfiguration } from '../../engine/environment-configuration.ts';
import type { DiffFeature } from '../../engine/deploy-diff.ts';
import type { EnvironmentReport, EnvironmentsApart } from '../../engine/orchestrator.ts';
import { versionWords } from '../../domain/version-words.ts';

const marks = { bad: '✖', warn: '!', info: '·' } as const;

/** An environment in a line of a list, and one for each thing that is not as it should be. */
export function showInList(report: EnvironmentReport): string[] {
  const { state, underWay } = report;
  const parts = [
    state.name,
    servesWords(report),
    state.deployed ? named(state.deployed) : '',
    state.runs
      ? `since ${state.runs.since} by ${state.runs.deployment}${state.runs.verified ? ', verified' : ', not verified'}`
      : '',
    state.url,
    report.configuration ? report.configuration.strategy : '',
    report.configuration?.approval ? 'asks for an approval' : '',
  ];
  return safe([
    parts.filter(Boolean).join('  '),
    ...(underWay ? [`  ${underWayWords(underWay)}`] : []),
    ...lockWords(report).map((line) => `  ${line}`),
    ...apartWords(report).map((line) => `  ${line}`),
    ...driftWords(report).map((line) => `  ${line}`),
  ]);
}

/** Everything there is to say of one environment. */
export function showEnvironment(report: EnvironmentReport): string[] {
  const { state, places, configuration } = report;
  return safe([
    ...(state.description === undefined ? [] : [state.description]),
    ...showInList(report),
    ...(places.length > 0 ? ['', 'What runs:'] : []),
    ...places.flatMap((place) => [
      `  ${place.service}${place.region === undefined ? '' : ` in ${place.region}`}  ${place.url}  ${
        place.router
          ? `${place.router.stable ? named(place.router.stable) : 'leads nowhere'}${place.router.candidate ? `, ${place.router.weight} % to ${named(place.router.candidate)}` : ''}`
          : 'no router runs'
      }`,
      ...(place.asked ? [`    ${place.asked.path} says ${place.asked.answer?.trim() ?? 'nothing'}`] : []),
      ...place.copies.map(
        (copy) =>
          `    ${copy.healthy ? 'healthy' : 'UNHEALTHY'}  ${named(copy.version)}  pid ${copy.pid}, port ${copy.port}`,
      ),
    ]),
    ...(configuration ? ['', 'The next deployment:', ...configurationWords(configuration)] : []),
  ]);
}

/** What each of two environments has that the other has not. */
export function showApart({ a, b, same, onlyA, onlyB }: EnvironmentsApart): string[] {
  const side = (name: string, features: readonly DiffFeature[]) =>
    features.length === 0
      ? []
      : [
          '',
          `Only in ${name} (${counted(features.length, 'feature')})`,
          ...features.flatMap(({ id, title, commits }) => [
            `  ${id}  ${title}`,
            ...commits.map(({ sha, subject, author }) => `      ${sha.slice(0, 12)} ${subject} (${author})`),
          ]),
        ];
  const versions = [a, b].map(
    ({ environment, version }) => `${environment}  ${version ? named(version) : 'nothing deployed yet'}`,
  );
  const nothing = a.version !== null && b.version !== null && onlyA.length + onlyB.length === 0;
  return safe([
    ...versions,
    ...(nothing ? [same ? 'Both hold the same files.' : 'Both hold the same features.'] : []),
    ...side(a.environment, onlyA),
    ...side(b.environment, onlyB),
  ]);
}

const safe = (lines: readonly string[]) => lines.map((line) => safeText(line, 500));

const named = (version: { sha: string; name: string }) =>
  `${versionWords(version, [])} (${version.sha.slice(0, 12)})`;

function servesWords({ state }: EnvironmentReport): string {
  if (!state.deployed) return 'nothing deployed yet';
  return state.serving ? 'serving' : 'NOT SERVING';
}

function underWayWords(d: NonNullable<EnvironmentReport['underWay']>): string {
  const where = d.phase === undefined ? d.stage : `${d.phase}, ${d.weight} % of the traffic`;
  const waits = d.approval
    ? `; waits for \`orchestrate deploy approve\` since ${d.approval.since}${d.approval.notBy === undefined ? '' : `, not by ${d.approval.notBy}`}${d.approval.missing === undefined ? '' : `, ${d.approval.missing}`}`
    : '';
  const until = d.untilWords === undefined ? '' : `; goes on by itself ${d.untilWords}`;
  return `${d.id} ${d.status.replace('_', ' ')} (${where})${d.reason === undefined ? '' : `: ${d.reason}`}, asked by ${d.by}${waits}${until}`;
}

function lockWords({ lock, state }: EnvironmentReport): string[] {
  switch (lock.kind) {
    case 'free':
      return [];
    case 'unreadable':
      return [`✖ ${lock.problem}: \`orchestrate unlock --env ${state.name}\``];
    case 'held': {
      const who = `locked by ${lock.owner} since ${lock.since}${lock.deployment === undefined ? '' : ` for ${lock.deployment}`}`;
      return [
        lock.pid === undefined
          ? `✖ ${who}, and the process behind it is gone: \`orchestrate unlock --env ${state.name}\``
          : `${who}, process ${lock.pid}`,
      ];
    }
    default:
      return lock satisfies never;
  }
}

function apartWords({ before, apart }: EnvironmentReport): string[] {
  if (!before || !apart?.a.version || !apart.b.version) return [];
  const { onlyA, onlyB } = apart;
  if (onlyA.length + onlyB.length === 0) return [`in step with ${before.environment}`];
  const list = (features: readonly DiffFeature[]) => features.map((f) => f.id).join(', ');
  return [
    ...(onlyA.length > 0
      ? [`${counted(onlyA.length, 'feature')} behind ${before.environment}: ${list(onlyA)}`]
      : []),
    ...(onlyB.length > 0
      ? [`${counted(onlyB.length, 'feature')} ahead of ${before.environment}: ${list(onlyB)}`]
      : []),
  ];
}

function driftWords({ drift, problems }: EnvironmentReport): string[] {
  return [
    ...drift.map(({ tone, text }) => `${marks[tone]} ${text}`),
    ...problems.map((problem) => `! could not be looked at: ${problem}`),
  ];
}

function configurationWords(c: EnvironmentConfiguration): string[] {
  const { triggers } = c;
  return [
    `  strategy   ${c.strategy}: ${c.strategyReason}`,
    `  steps      ${c.steps.map((step) => `${step.share} for ${formatDuration(step.watchedMs)}`).join(', ')}`,
    `  taken back when errors are over ${triggers.immediateErrorRate} % at once, over ${triggers.errorRate} % for ${formatDuration(triggers.errorWindowMs)}, p95 up ${triggers.latencyIncrease} % for ${formatDuration(triggers.latencyWindowMs)}, ${triggers.unhealthy} % unhealthy for ${formatDuration(triggers.unhealthyWindowMs)}`,
    `  approval   ${c.approval ? `by ${c.approval.byAnother ? 'another person' : 'anybody'} within ${formatDuration(c.approval.timeoutMs)}` : 'not asked for'}`,
    `  router     ${c.router}`,
    `  metrics    ${c.metrics.map((m) => `${m.name} (${m.source}${m.dryRun ? ', dry run' : ''})`).join(', ') || 'only what the router counts'}`,
    `  suites     ${c.suites.join(', ') || 'none'}`,
    `  checks     ${c.actions.join(', ') || 'none'}`,
    `  variables  ${c.variables.join(', ') || 'none'}`,
    ...c.notes.map((note) => `  ! ${note}`),
  ];
}
