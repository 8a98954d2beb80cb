import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { DeployRequest, Rest } from '../../../engine/orchestrator.ts';
import type { Context } from '../context.ts';
import { followToEnd } from '../follow.ts';
import { showPlan } from '../show-plan.ts';
import { agreed, environmentOf, planDocument, requestOf, type DeployOptions } from './deploy.ts';

export interface RestOptions extends DeployOptions {
  without?: string[];
}

/** `deploy rest [ID]`: what failed, again, without whom the failure was traced to and without those that are named. */
export async function rest(
  context: Context,
  id: string | undefined,
  { without = [], ...options }: RestOptions,
): Promise<number> {
  const { orchestrator, output } = context;
  const named = [options.version, options.select, options.from].some((other) => other !== undefined);
  if (named)
    throw new OrchestraError('usage', 'rest takes no --version, --select or --from', {
      exit: exitCode.usage,
      hint: 'what ships is what is left of the failed deployment; --without leaves out more',
    });
  // Of a deployment that is named, its own environment is meant.
  const environment =
    id === undefined || options.env !== undefined ? await environmentOf(context, options.env) : '';
  const asked = await requestOf(
    context,
    environment === '' ? await environmentWhere(context, id ?? '') : environment,
    { kind: 'select', wanted: { kind: 'ids', ids: [] } },
    options,
  );
  const found = await orchestrator.rest({ ...asked, ...(id === undefined ? {} : { id }), without });
  if (found.kind === 'ask') throw whomToLeaveOut(found);
  const { draft, of } = found;
  if (environment !== '' && environment !== draft.environment)
    throw new OrchestraError(
      'usage',
      `${of.id} was a deployment to ${draft.environment}, not to ${environment}`,
      {
        exit: exitCode.usage,
        hint: `leave --env out: the rest of ${of.id} ships to ${draft.environment}`,
      },
    );
  if (options.dryRun === true) {
    output.data({
      ...planDocument(draft.plan),
      stable: draft.stable,
      source: draft.source,
      probability: draft.risk ?? null,
      restOf: { ...draft.restOf, culprit: of.culprit },
    });
    output.text(showPlan(draft));
    return exitCode.done;
  }
  const what: DeployRequest['what'] = {
    kind: 'select',
    wanted: { kind: 'ids', ids: draft.features.map((feature) => feature.id) },
  };
  const request = { ...asked, environment: draft.environment, what };
  output.note(safeText(`${of.id}: ${of.culprit}`, 500));
  await agreed(context, draft);
  const begun = await orchestrator.deploy(request, draft);
  if (options.detach === true) {
    output.data({ id: begun, environment: draft.environment, restOf: of.id });
    output.text(`${begun} runs; \`orchestrate status --monitor\` watches it`);
    return exitCode.done;
  }
  return followToEnd(context, begun, 0, request.unattended);
}

/** Where a past deployment went; throws `unknown-deployment` (2) where there is none. */
async function environmentWhere({ orchestrator }: Context, id: string): Promise<string> {
  const found = await orchestrator.get(id);
  if (found) return found.environment;
  throw new OrchestraError('unknown-deployment', `there is no deployment ${safeText(id, 60)}`, {
    exit: exitCode.usage,
    hint: '`orchestrate history` lists all',
  });
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** Nobody is named for sure, and nobody is guessed: a person says it. */
function whomToLeaveOut({ of, suspected }: Extract<Rest, { kind: 'ask' }>): OrchestraError {
  const first = suspected.slice(0, 5).map(({ id, share }) => `${id} (${percent(share)} of the blame)`);
  const more = suspected.length - first.length;
  return new OrchestraError(
    'culprit-unknown',
    safeText(`whom to leave out of ${of.id} has to be said: ${of.culprit}`, 500),
    {
      exit: exitCode.usage,
      hint: `name them with --without, the most suspicious first: ${first.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
      details: { deployment: of.id, culprit: of.culprit, suspected },
    },
  );
}
