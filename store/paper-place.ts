import type { Deployment } from '../src/domain/deployment.ts';
import { isActive } from './reasons.ts';

/** Where a paper lies in the memory: the journal names it by where it was written, and it moves when the deployment ends. */
export function placeOf(path: string, deployment: Deployment): string {
  return isActive(deployment) ? path : path.replace(/^current\//, 'history/');
}
