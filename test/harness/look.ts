import type { HereNow } from '../../src/domain/agents.ts';
import { attentionOf } from '../../src/domain/attention.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Look } from '../../src/domain/progress.ts';

/** A deployment as its own conductor looks at it, with whoever is here. */
export function lookAt(deployment: Deployment, now: Date, here: readonly HereNow[] = []): Look {
  return { deployment, attention: attentionOf(deployment, { now, conductor: { kind: 'here' } }), here };
}
