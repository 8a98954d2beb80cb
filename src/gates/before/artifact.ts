import { shortDigest } from '../../domain/artifact.ts';
import type { SignatureFinding } from '../../ports/artifacts.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';

/** Why a signature keeps an artifact from being deployed, in words; undefined where it does not. */
export function signatureTrouble(
  signature: SignatureFinding,
  wanted: 'optional' | 'required',
): string | undefined {
  if (signature.kind === 'bad') return `the artifact’s signature does not count: ${signature.why}`;
  if (signature.kind === 'unknown' && wanted === 'required')
    return `the artifact has to be signed here: ${signature.why}`;
  return undefined;
}

/** The artifact is there, its bytes are the ones that were built, and its signature verifies (REQUIREMENTS G1). */
export const artifact: Gate<'artifacts'> = {
  id: 'artifact',
  title: 'the artifact is whole and its signature verifies',
  when: 'before',
  async look({ subject: { plan, deployment }, settings, ports, signal }) {
    if (!plan.artifact)
      return skipped('the plan is of before there were artifacts: it is built where it runs');
    const state = deployment?.artifact;
    if (!state) return skipped('it is built and signed in staging');
    if (state.kind === 'none') return skipped(state.why);
    const { signers, signature: wanted } = settings.artifact;
    const { altered, signature } = await ports.artifacts.verify(
      state,
      plan.artifact.signing,
      signers,
      signal,
    );
    if (altered !== undefined)
      return failed(altered, 'find out who changed the store, take the file away, and deploy again');
    const bytes = `${shortDigest(state.digest)} has the bytes that were built`;
    const trouble = signatureTrouble(signature, wanted);
    if (trouble !== undefined)
      return failed(
        `${bytes}, but ${trouble}${signature.kind === 'unknown' && state.unsigned !== undefined ? ` (${state.unsigned})` : ''}`,
        signature.kind === 'bad'
          ? 'have somebody who is believed build and sign it, or add who did to the allowed signers'
          : 'set signing.ssh_key and signing.allowed_signers in orchestra.yaml, and deploy again',
      );
    if (signature.kind === 'verified')
      return passed(`${bytes}; signed by ${signature.principal} at ${signature.at} with ${signature.key}`);
    return skipped(`${bytes}; nobody’s signature was verified: ${state.unsigned ?? signature.why}`);
  },
};
