import type { GateResult } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import { gates } from '../gates/registry.ts';
import type { GatePorts } from '../gates/gate.ts';
import type { Drafts } from './drafts.ts';
import { gatePorts } from './gate-ports.ts';
import { draftSubject } from './gate-subject.ts';
import type { DeployRequest } from './orchestrator.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';

/** What of a request its gates go by. */
export type ValidateRequest = Pick<
  DeployRequest,
  'environment' | 'what' | 'strategy' | 'by' | 'overrides' | 'allowDestructive'
>;

export interface Validating {
  /**
   * How every gate before production stands for a deployment that is asked for like this: nothing is built, started or written.
   * What can only be seen on a built candidate is skipped and says so. Throws as `draft` does.
   */
  validate(request: ValidateRequest, signal?: AbortSignal): Promise<GateResult[]>;
}

/** Looks at the gates of a deployment that is not asked for yet (REQUIREMENTS G5). */
export function createValidating(
  ports: Omit<GatePorts, 'served'>,
  drafts: Pick<Drafts, 'draft'>,
): Validating {
  return {
    async validate(request, signal) {
      const draft = await drafts.draft(request);
      const settings = draft.plan.gates?.settings ?? gatesSettingsSchema.parse({});
      const results = await checkGates('before', {
        subject: await draftSubject(ports.git, draft, request),
        settings,
        ports: gatePorts(ports),
        ...(signal ? { signal } : {}),
      });
      return gates
        .filter(({ when }) => when === 'before')
        .map(
          (gate) =>
            results.find(({ id }) => id === gate.id) ?? {
              id: gate.id,
              title: gate.title,
              when: gate.when,
              status: 'skipped',
              severity: 'warning',
              detail: `it is off: environments.${draft.environment}.gates.${gate.id}.severity`,
            },
        );
    },
  };
}
