import type { GateSubject } from '../gate.ts';

/** The commit to look at; undefined while it is still to be built of a selection. */
export function candidateOf({ deployment, source }: GateSubject): string | undefined {
  if (deployment && deployment.candidate.kind !== 'none') return deployment.candidate.version.sha;
  return source.kind === 'version' ? source.sha : undefined;
}
