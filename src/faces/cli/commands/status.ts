import { actorWords } from '../../../domain/agent-words.ts';
import { missingYeses, whoMay } from '../../../domain/approvals.ts';
import { allGates } from '../../../domain/all-gates.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { progressOfTasks, tasksOf } from '../../../domain/progress.ts';
import { checklistRows, openBefore } from '../../../domain/ticks.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { OrchestraError, exitCode, messageOf } from '../../../domain/errors.ts';
import { plainWords } from '../../../domain/inline-markdown.ts';
import { untilWords } from '../../../domain/scheduled.ts';
import { restWords } from '../../../domain/rest-words.ts';
import { safeText } from '../../../domain/safe-text.ts';
import { isFlaky, passedRuns, runsOf } from '../../../domain/suite-run.ts';
import { trafficWords } from '../../../domain/share-words.ts';
import { environmentNamed } from '../../../engine/environments.ts';
import type { EnvironmentState } from '../../../engine/orchestrator.ts';
import { placeRows, type PlaceRow } from '../../../domain/place-rows.ts';
import type { Context } from '../context.ts';
import { monitor } from '../monitor.ts';
import { lookedEvents, recentLines, showRunning } from '../show-running.ts';

/** `status`: what runs and what serves; with `--monitor` every change, until nothing runs any more. */
export async function status(
  context: Context,
  options: { monitor?: boolean; env?: string },
): Promise<number> {
  const { orchestrator, output } = context;
  const active = (await orchestrator.active()).filter(
    (d) => options.env === undefined || d.environment === options.env,
  );
  const environments = await environmentsOf(context, options.env, active.length > 0);
  if (options.monitor === true) return monitor(context, active, { describe, env: options.env });
  const told = await Promise.all(active.map((d) => tellOf(orchestrator, d)));
  output.data({
    schema: 'orchestra/status@1',
    active: told.map(({ d, attended, recent }) => ({
      ...summarize(d),
      progress: progressOfTasks(tasksOf(d, new Date())),
      attention: attended.attention ?? null,
      agents: attended.agents,
      recent: recentLines(d, recent),
    })),
    environments,
  });
  output.text(environments.flatMap(describeEnvironment));
  output.text(
    told.length === 0
      ? 'no deployment runs'
      : told.flatMap(({ d, attended, recent }) => [
          describe(d),
          ...placeRows(d).map(describePlace),
          ...showRunning(d, attended, recent, new Date()),
          ...describeChecklist(d),
        ]),
  );
  return exitCode.done;
}

/** What is to be said of a deployment beside its fold. */
async function tellOf(orchestrator: Context['orchestrator'], d: Deployment) {
  const [attended, recent] = await Promise.all([
    orchestrator.attend(d),
    orchestrator.recent(d.id, lookedEvents),
  ]);
  return { d, attended, recent };
}

/**
 * The environments of `orchestra.yaml`; none before there is one. What runs is shown even where the file is broken, as
 * it was frozen into the plan. Throws `unknown-environment`, and what is wrong with the file when nothing runs.
 */
async function environmentsOf(
  { orchestrator, output }: Context,
  name: string | undefined,
  runs: boolean,
): Promise<EnvironmentState[]> {
  try {
    if (name !== undefined) environmentNamed(await orchestrator.settings(), name);
    return (await orchestrator.environments()).filter((e) => name === undefined || e.name === name);
  } catch (error) {
    const absent = error instanceof OrchestraError && error.code === 'no-config' && name === undefined;
    if (!absent && !runs) throw error;
    if (!absent) output.note(`note: ${safeText(messageOf(error), 500)}`);
    return [];
  }
}

function summarize(d: Deployment) {
  const rows = placeRows(d);
  return {
    id: d.id,
    environment: d.environment,
    kind: d.kind,
    status: d.status,
    stages: d.stages,
    phase: d.phases[d.phase]?.name ?? null,
    weight: d.weight,
    ...(rows.length > 0 ? { places: rows } : {}),
    stable: d.stable,
    candidate: d.candidate.kind === 'none' ? null : d.candidate.version,
    artifact: d.artifact ?? null,
    strategy: d.plan.strategy,
    risk: d.plan.risk,
    probability: d.risk ?? null,
    by: d.by,
    trigger: d.trigger ?? null,
    emergency: d.emergency ?? null,
    approvals:
      d.plan.approval === undefined
        ? null
        : {
            given: (d.yeses ?? []).map(({ by, at, why }) => ({ by: by.name, at, why: why ?? null })),
            missing: d.approval?.kind === 'given' ? 0 : missingYeses(d, new Date()),
            may: whoMay(d, new Date()) ?? null,
          },
    suites: d.suites.map((state) => ({
      suite: state.suite,
      kind: state.kind,
      status: state.status,
      durationMs: state.durationMs,
      runs: runsOf(state),
      passed: passedRuns(state),
      flaky: isFlaky(state),
    })),
    checklist: checklistRows(d).map(({ id, due, text, done, tick }) => ({
      id,
      due,
      text: plainWords(text),
      done,
      by: tick?.by.name ?? null,
      at: tick?.at ?? null,
    })),
    measures: (d.plan.measures ?? []).map(({ name, compare, business, dryRun }) => {
      const state = d.measures.find((m) => m.name === name);
      return {
        name,
        compare,
        business,
        dryRun,
        verdict: state?.last?.verdict ?? null,
        at: state?.last?.reading.at ?? null,
        baseline: state?.baseline?.kind === 'value' ? state.baseline.value : null,
        failingSince: state?.failingSince ?? null,
      };
    }),
    culprit: d.culprit ?? null,
    restOf: d.restOf ?? null,
    gates: allGates(d),
    requestedAt: d.requestedAt,
    updatedAt: d.updatedAt,
    conductor: d.conductor ?? null,
    features: d.source.features.map((f) => ({ id: f.id, title: f.title })),
  };
}

function describe(d: Deployment): string {
  const phase = d.phases[d.phase];
  const until = untilWords(d);
  const where = phase
    ? [phase.name, trafficWords(d) ?? []].flat().join(', ')
    : (Object.entries(d.stages).find(([, s]) => s.status === 'active')?.[0] ??
      (until === undefined ? 'starting' : 'tested'));
  const reason = 'reason' in d.status && d.status.reason !== undefined ? `: ${d.status.reason}` : '';
  const culprit = d.culprit ? `; ${d.culprit.reason}` : '';
  const age = formatDuration(Math.max(0, Date.now() - Date.parse(d.requestedAt)));
  return safeText(
    `${d.id} ${d.environment} ${d.emergency ? 'EMERGENCY ' : ''}${until === undefined ? d.status.kind.replace('_', ' ') : `waits until ${until}`} (${where})${reason}${culprit}${d.restOf ? `, the rest of ${restWords(d.restOf)}` : ''}, ${age} so far, asked by ${actorWords(d.by)}`,
    500,
  );
}

/** What people are to tick before production, numbered as `deploy tick` takes them; nothing once that is past. */
function describeChecklist(d: Deployment): string[] {
  const rows = checklistRows(d);
  if (rows.length === 0 || d.stages.production.status !== 'pending') return [];
  const open = openBefore(d).length;
  return [
    `  checklist: ${open === 0 ? 'all ticked' : `${open} open`} before production`,
    ...rows.flatMap(({ due, text, done, tick }, i) =>
      due === 'before'
        ? [
            safeText(
              `  ${String(i + 1).padStart(4)} [${done ? 'x' : ' '}] ${plainWords(text)}${tick ? ` (${tick.by.name})` : ''}`,
              500,
            ),
          ]
        : [],
    ),
  ];
}

function describePlace(row: PlaceRow): string {
  const share = row.weight.actual === undefined ? 'no users yet' : `${row.weight.actual} % of traffic`;
  const numbers = row.requests === 0 ? '' : `, ${row.requests} requests, ${row.errors} failed`;
  return safeText(`  ${row.name}: ${share}${numbers}`, 500);
}

/** How the newest version has done since its promotion, and the way back where something is wrong with it. */
function verificationLines({ name, verification }: EnvironmentState): string[] {
  if (verification === undefined) return [];
  const back = verification.includes('a finding:')
    ? [`  to go back: orchestrate deploy rollback --env ${name}`]
    : [];
  return [safeText(`  ${verification}`, 500), ...back];
}

function describeEnvironment(e: EnvironmentState): string[] {
  const version = e.deployed ? `${e.deployed.name} (${e.deployed.sha.slice(0, 12)})` : 'nothing deployed yet';
  const again =
    e.deployed && !e.serving
      ? `  NOT SERVING: \`orchestrate deploy ${e.name} --version ${e.deployed.sha.slice(0, 12)}\` starts it again`
      : '';
  return [
    safeText(`${e.name}  ${version}  ${e.places ? '' : e.url}${again}`.trimEnd(), 500),
    ...verificationLines(e),
    ...(e.places ?? []).map(({ service, region, url, serving }) =>
      safeText(
        `  ${service}${region === undefined ? '' : ` in ${region}`}  ${url}${serving ? '' : '  NOT SERVING'}`,
        500,
      ),
    ),
  ];
}
