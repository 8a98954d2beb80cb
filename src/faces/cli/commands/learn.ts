import { hasLearnedEnough } from '../../../domain/risk/change-learning.ts';
import { exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';

/** Milliseconds between two lines about how far it is. */
const toldEveryMs = 2000;

/** `learn`: learns from the git history here and now, what is not learned yet, and says what came of it. */
export async function learn(context: Context, options: { base?: string; head?: string }): Promise<number> {
  const { orchestrator, output, shell } = context;
  const signal = shell.interrupted;
  const discovery = await orchestrator.discover({ ...options, signal });
  let told = performance.now();
  const stands = await orchestrator.learnFromHistory(discovery, {
    signal,
    progress(done, of) {
      if (performance.now() - told < toldEveryMs) return;
      told = performance.now();
      output.note(`reading the git history: ${done} of ${of} commits`);
    },
  });
  const { learned, words } = stands;
  output.data({
    schema: 'orchestra/warm-start@1',
    state: stands.state,
    ...(learned && { ...learned, enough: hasLearnedEnough(learned) }),
  });
  output.text(safeText(words ?? 'there is no history to learn from', 500));
  return exitCode.done;
}

/** Says how learning from the git history stands; nothing where it is turned off or there is nothing to tell. */
export async function noteLearning({
  orchestrator,
  output,
}: Pick<Context, 'orchestrator' | 'output'>): Promise<void> {
  const { state, words } = await orchestrator.warmStart();
  if (state !== 'off' && words !== undefined) output.note(`note: ${safeText(words, 500)}`);
}
