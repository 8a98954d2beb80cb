import type { GatePorts } from '../gates/gate.ts';
import { servedVersions } from './versions.ts';

/** What gates may ask of everything outside. */
export function gatePorts(ports: Omit<GatePorts, 'served'>): GatePorts {
  return { ...ports, served: (environment) => servedVersions(ports.memory, environment) };
}
