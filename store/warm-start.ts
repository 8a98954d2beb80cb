import type { Discovery } from '../src/domain/feature.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';

/** How often it is looked how far learning is, in milliseconds: one small file is read. */
const lookEveryMs = 700;
/** A process that was started is given so many looks to show that it is there. */
const mostSilent = 20;

/**
 * Has the git history learned from after a discovery, where there is something new in it, and shows how far that is. Nothing waits
 * for it; that it could not be done is no harm to anybody.
 */
export function createWarmStartLook(
  store: UiStore,
  orchestrator: Orchestrator,
): { begin(discovery: Discovery): void; stop(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let silent = 0;
  let seen = false;

  const look = async () => {
    const now = await orchestrator.warmStart().catch(() => undefined);
    if (stopped || !now) return;
    const learning = now.state === 'learning';
    seen ||= learning;
    if (now.state !== 'off') store.setState({ warmStart: { ...now, anew: seen && !learning } });
    if (!learning && (seen || silent <= 0)) return;
    silent -= 1;
    timer = setTimeout(() => void look(), lookEveryMs).unref();
  };

  return {
    begin(discovery) {
      clearTimeout(timer);
      seen = false;
      void orchestrator
        .startWarmStart(discovery)
        .catch(() => false)
        .then(async (started) => {
          silent = started ? mostSilent : 0;
          await look();
        });
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
