import { OrchestraError } from './domain/errors.ts';
import type { Orchestrator } from './engine/orchestrator.ts';

/** Wires the engine for the repository at `dir`. */
export function compose(dir: string): Promise<Orchestrator> {
  throw new OrchestraError('not-wired', `No engine is wired for ${dir}.`, { hint: 'Use a complete build.' });
}
