import { OrchestraError, exitCode } from '../../domain/errors.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { DeployRequest } from '../../engine/orchestrator.ts';

/** `--override GATE=REASON`, as often as it was given. Throws `usage` (2) without a reason; whether there is such a gate is seen later. */
export function overridesFrom(texts: readonly string[] = []): NonNullable<DeployRequest['overrides']> {
  return texts.map((text) => {
    const at = text.indexOf('=');
    const gate = (at < 0 ? text : text.slice(0, at)).trim();
    if (at > 0 && gate !== '') return { gate, why: text.slice(at + 1) };
    throw new OrchestraError('usage', `--override ${safeText(text, 60)} names no gate and reason`, {
      exit: exitCode.usage,
      hint: '--override GATE="why it may pass"; `orchestrate deploy validate` names the gates',
    });
  });
}
