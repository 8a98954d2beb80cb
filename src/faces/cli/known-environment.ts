import { environmentNamed } from '../../engine/environments.ts';
import type { Orchestrator } from '../../engine/orchestrator.ts';

/** Throws `unknown-environment` (78) for a name that neither the settings nor a past deployment know. */
export async function knownEnvironment(orchestrator: Orchestrator, name: string): Promise<void> {
  if ((await orchestrator.history()).some((row) => row.environment === name)) return;
  environmentNamed(await orchestrator.settings(), name);
}
