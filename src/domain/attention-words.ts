import type { Attention } from './attention.ts';
import { formatDuration } from './duration.ts';

/** `canary 25 %, for 2 min now, usually 1 min`: what it waits for in a line. Safe to print. */
export function attentionWords({ what, forMs, usualMs }: Attention): string {
  const usually = usualMs === undefined ? '' : `, usually ${formatDuration(usualMs)}`;
  return `${what}, for ${formatDuration(forMs)}${usually}`;
}
