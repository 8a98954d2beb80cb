import { setTimeout } from 'node:timers/promises';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import type { Discovery } from '../../../domain/feature.ts';
import type { Plan } from '../../../domain/plan.ts';
import { plannedActions } from '../../../domain/planned-actions.ts';
import { readersTimeZone } from '../../../domain/instant-words.ts';
import { safeText } from '../../../domain/safe-text.ts';
import { environmentNamed } from '../../../engine/environments.ts';
import { startAsked } from '../../../engine/start-asked.ts';
import type { DeployRequest, Draft, Wanted } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';
import { followToEnd } from '../follow.ts';
import { linksNamed } from '../links-named.ts';
import { overridesFrom } from '../overrides.ts';
import { showPlan } from '../show-plan.ts';
import { everyMs, onMerge } from './on-merge.ts';

export interface DeployOptions {
  env?: string;
  version?: string;
  select?: string;
  from?: string;
  strategy?: string;
  dryRun?: boolean;
  detach?: boolean;
  why?: string;
  change?: string[];
  issue?: string[];
  spec?: string[];
  allowDestructive?: boolean;
  at?: string;
  emergency?: boolean;
  onMerge?: boolean;
  every?: string;
  override?: string[];
}

/** `deploy [ENV]`: plans, asks, starts, and follows to the end. */
export async function deploy(
  context: Context,
  environment: string | undefined,
  options: DeployOptions,
): Promise<number> {
  const { orchestrator, output } = context;
  const target = await environmentOf(context, environment ?? options.env);
  if (options.onMerge === true) return followMerges(context, target, options);
  const { what, discovery } = await whatOf(context, target, options);
  const request = await requestOf(context, target, what, options);
  const draft = await orchestrator.draft(request, discovery);
  if (options.dryRun === true) {
    output.data({
      ...planDocument(draft.plan),
      stable: draft.stable,
      source: draft.source,
      probability: draft.risk ?? null,
    });
    output.text(showPlan(draft));
    return exitCode.done;
  }
  await agreed(context, draft);
  const id = await orchestrator.deploy(request, draft);
  if (options.detach === true) {
    output.data({ id, environment: draft.environment });
    output.text(`${id} runs; \`orchestrate status --monitor\` watches it`);
    return exitCode.done;
  }
  return followToEnd(context, id, 0, request.unattended);
}

/** What is asked of the engine: what, how, when, by whom and why. Throws `usage` and `bad-time` (2). */
export async function requestOf(
  { orchestrator, options: global }: Context,
  target: string,
  what: DeployRequest['what'],
  options: DeployOptions,
): Promise<DeployRequest> {
  if (options.emergency === true && options.at !== undefined)
    throw new OrchestraError('usage', '--emergency and --at exclude each other', {
      exit: exitCode.usage,
      hint: 'an emergency starts now',
    });
  if (options.emergency === true && !options.why?.trim())
    throw new OrchestraError('emergency-needs-why', 'an emergency needs a reason', {
      exit: exitCode.usage,
      hint: 'add --why REASON: it stands in the record and the audit trail',
    });
  const start =
    options.at === undefined
      ? undefined
      : await startAsked(options.at, environmentNamed(await orchestrator.settings(), target).target, {
          now: new Date(),
          reader: readersTimeZone(),
        });
  const overrides = overridesFrom(options.override);
  return {
    environment: target,
    what,
    ...(options.strategy === undefined ? {} : { strategy: options.strategy }),
    by: await orchestrator.actor('cli'),
    ...(options.why === undefined ? {} : { why: options.why }),
    ...linksNamed(options),
    ...(start ? { start } : {}),
    ...(options.emergency === true ? { emergency: true } : {}),
    through: 'learning',
    ...(options.allowDestructive === true ? { allowDestructive: true } : {}),
    ...(overrides.length > 0 ? { overrides } : {}),
    unattended: !global.input,
  };
}

/** `--on-merge`: every new head of the development branch, with the strategy of selection that is named. */
async function followMerges(context: Context, target: string, options: DeployOptions): Promise<number> {
  const { orchestrator, output, options: global, shell } = context;
  const given = [options.version, options.from].some((other) => other !== undefined);
  const wanted = parseWanted(options.select ?? 'recommended');
  if (given || wanted.kind === 'ids' || options.dryRun || options.detach || options.emergency)
    throw new OrchestraError(
      'usage',
      '--on-merge takes --select recommended, critical or all, and no single version',
      {
        exit: exitCode.usage,
        hint: 'for one deployment leave --on-merge out',
      },
    );
  const every = everyMs(options.every);
  if (global.yes !== true) {
    output.note(
      `Every new head of the development branch is deployed to ${target} (${strategyWords[wanted.kind]}), without a further question.`,
    );
    const yes = global.input && shell.confirm ? await shell.confirm('Follow it?') : undefined;
    if (yes !== true)
      throw new OrchestraError('needs-yes', 'not started: nobody said yes', {
        exit: exitCode.gateRefused,
        hint: 'add --yes',
      });
  }
  return onMerge(context, {
    environment: target,
    everyMs: every,
    pause: (ms) => setTimeout(ms, undefined, { signal: shell.interrupted }).catch(() => undefined),
    deploy: async (trigger) => {
      const request = await requestOf(context, target, { kind: 'select', wanted }, options);
      const id = await orchestrator.deploy({ ...request, trigger, unattended: true });
      return followToEnd(context, id, 0, true);
    },
  });
}

/** The plan with what each of its phases does, in order. */
export function planDocument(plan: Plan) {
  const { before, phases, after, rollback } = plannedActions(plan);
  return {
    ...plan,
    phases: plan.phases.map((phase, i) => ({ ...phase, actions: phases[i] ?? [] })),
    course: { before, after, rollback },
  };
}

/** The named environment, else the only one. Throws `unknown-environment` (78) or `which-environment` (2). */
export async function environmentOf({ orchestrator }: Context, name: string | undefined): Promise<string> {
  return environmentNamed(await orchestrator.settings(), name).name;
}

/** Shows the plan and gets a yes for it: from `--yes`, else from the person at the terminal. Throws code `needs-yes` (4). */
export async function agreed({ output, options, shell }: Context, draft: Draft): Promise<void> {
  if (options.yes === true) return;
  for (const line of showPlan(draft)) output.note(line);
  const yes = options.input && shell.confirm ? await shell.confirm('Start this?') : undefined;
  if (yes === true) return;
  throw new OrchestraError(
    'needs-yes',
    yes === false ? 'not started: the answer was no' : 'not started: nobody could be asked',
    {
      exit: exitCode.gateRefused,
      hint: yes === false ? 'nothing was changed' : 'read the plan (--dry-run) and add --yes',
    },
  );
}

/** `recommended`, `critical`, `all`, or ids with commas. */
export function parseWanted(text: string): Wanted {
  if (text === 'recommended' || text === 'critical' || text === 'all') return { kind: text };
  const ids = text
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  if (ids.length > 0) return { kind: 'ids', ids };
  throw new OrchestraError('usage', 'nothing is named to select', {
    exit: exitCode.usage,
    hint: 'recommended, critical, all, or feature ids separated by commas',
  });
}

const strategyWords = {
  recommended: 'all recommended',
  critical: 'critical only',
  all: 'everything',
} as const;

function listed(ids: readonly string[]): string {
  return ids.length > 10 ? `${ids.slice(0, 10).join(', ')} and ${ids.length - 10} more` : ids.join(', ');
}

/** What the options name, else the saved selection as it reads now, with the discovery it was read in; else the recommendation. */
export async function whatOf(
  { orchestrator, output }: Context,
  environment: string,
  options: Pick<DeployOptions, 'version' | 'select' | 'from'>,
): Promise<{ what: DeployRequest['what']; discovery?: Discovery }> {
  const named = [options.version, options.select, options.from].filter((what) => what !== undefined);
  if (named.length > 1) {
    throw new OrchestraError('usage', '--version, --select and --from exclude each other', {
      exit: exitCode.usage,
      hint: '--version deploys an existing revision, --from what another environment runs, --select builds a candidate',
    });
  }
  if (options.from !== undefined) return { what: { kind: 'from', environment: options.from } };
  if (options.version !== undefined) return { what: { kind: 'version', ref: options.version } };
  if (options.select !== undefined) return { what: { kind: 'select', wanted: parseWanted(options.select) } };
  const saved = await orchestrator.savedSelection();
  // A strategy that meant nothing then is still that strategy; only an emptied list says nothing.
  const strategic = saved?.choice !== undefined && saved.choice.strategy !== 'custom';
  if (saved && (strategic || saved.selected.length > 0)) {
    const discovery = await orchestrator.discover({ environment });
    const { choice, fresh, told } = await orchestrator.takeUp(discovery, saved);
    const wanted: Wanted =
      choice.strategy === 'custom' ? { kind: 'ids', ids: choice.wanted } : { kind: choice.strategy };
    const { selected } = orchestrator.close(discovery, wanted);
    const named = choice.strategy === 'custom' ? '' : ` (${strategyWords[choice.strategy]})`;
    output.note(`using the saved selection${named}: ${selected.join(', ') || 'none'}`);
    for (const line of told) output.note(`  ${safeText(line, 500)}`);
    if (fresh.length > 0) output.note(`  ${fresh.length} new since you chose: ${listed(fresh)}`);
    return { what: { kind: 'select', wanted }, discovery };
  }
  output.note('nothing was selected: using the recommendation');
  return { what: { kind: 'select', wanted: { kind: 'recommended' } } };
}
