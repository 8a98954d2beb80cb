import type { Actor } from '../domain/actor.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { SignOff } from '../domain/sign-off.ts';
import { whyNoSignOff } from '../domain/sign-offs-now.ts';
import type { Clock } from '../ports/clock.ts';
import type { Git } from '../ports/git.ts';
import type { Memory } from '../ports/memory.ts';
import type { Drafts } from './drafts.ts';
import { draftSubject } from './gate-subject.ts';
import type { DeployRequest } from './orchestrator.ts';

export interface SignOffRequest extends Pick<DeployRequest, 'environment' | 'what'> {
  name: string;
  by: Actor;
  why?: string;
}

export interface SigningOff {
  /**
   * Keeps a person's sign-off for the candidate that a deployment asked for like this would have; it counts for that candidate
   * alone. Throws `unknown-sign-off` (2) where the environment asks for none of that name, or as `draft` does.
   */
  signOff(request: SignOffRequest): Promise<SignOff>;
}

/** Sign-offs for candidates that no deployment has yet. */
export function createSigningOff(
  { git, memory, clock }: { git: Git; memory: Memory; clock: Clock },
  drafts: Pick<Drafts, 'draft'>,
): SigningOff {
  return {
    async signOff({ name, by, why, ...asked }) {
      const draft = await drafts.draft(asked);
      // Who will ask for the deployment is not known yet: whether it was another is seen then.
      const not = whyNoSignOff(draft.plan, name, false);
      if (not !== undefined)
        throw new OrchestraError('unknown-sign-off', not, {
          exit: exitCode.usage,
          hint: `environments.${draft.environment}.gates.sign_offs names those that are asked for`,
        });
      const { tree, sha } = await draftSubject(git, draft);
      if (tree === undefined) throw new TypeError('a draft to sign off has no tree');
      const signOff: SignOff = {
        name,
        tree,
        ...(sha === undefined ? {} : { sha }),
        by,
        at: clock.now().toISOString(),
        ...(why === undefined ? {} : { why }),
      };
      await memory.keepSignOff(draft.environment, signOff);
      return signOff;
    },
  };
}
