import { formatDuration } from '../src/domain/duration.ts';
import { usualStrategy } from '../src/domain/usual-strategy.ts';
import type { Orchestrator, RolloutOptions } from '../src/engine/orchestrator.ts';
import type { UiStore } from './create-store.ts';
import { phasesText } from './dialogs.ts';
import { openPicker } from './picker.ts';
import type { PickerOption, UiState } from './state.ts';

export interface Rollout {
  /** Opens the list of rollout strategies that the environment can do. */
  askRollout(): Promise<void>;
}

/** How the next deployment would be rolled out, and whether somebody picked that; undefined while too little is known. */
export function rolloutNow(state: UiState): { name: string; reason: string; picked: boolean } | undefined {
  const { environment, environments, rollout, selection, discovery } = state;
  if (environment === undefined) return undefined;
  if (rollout?.environment === environment) return { name: rollout.strategy, reason: 'picked', picked: true };
  const known = environments.find(({ name }) => name === environment);
  const found = discovery.status === 'loaded' ? discovery.discovery.deployment.risk : undefined;
  const risk = selection.closed?.risk?.level ?? found;
  if (!known || !risk) return undefined;
  return { ...usualStrategy({ environment: known.strategy, risk }), picked: false };
}

type Option = RolloutOptions['options'][number];

function hintOf({ phases, takesMs, summary }: Option, first: boolean): string {
  if (first || phases.length === 0) return summary;
  const many = phases.length > 6;
  const steps = many ? `${phases.length} phases` : phasesText(phases);
  return `${steps}, ${formatDuration(takesMs)} at least: ${summary}`;
}

/** Picking how the next deployment is rolled out; `ask` does one request at a time. */
export function createRollout(
  store: UiStore,
  orchestrator: Orchestrator,
  ask: (busy: string, work: () => Promise<void>) => Promise<void>,
): Rollout {
  return {
    async askRollout() {
      const { environment, selection, discovery } = store.getState();
      if (environment === undefined || discovery.status !== 'loaded') return;
      const risk = selection.closed?.risk?.level ?? discovery.discovery.deployment.risk;
      await ask(`what ${environment} can roll out with is being looked up`, async () => {
        const { options, usual, first } = await orchestrator.rolloutOptions({ environment, risk });
        const now = store.getState();
        if (now.environment !== environment || now.session.view !== 'selection') return;
        const picked = now.rollout?.environment === environment ? now.rollout.strategy : undefined;
        const pick = (strategy: string | undefined) =>
          store.setState({ rollout: strategy === undefined ? undefined : { environment, strategy } });
        const listed: PickerOption[] = [
          {
            label: `as usual: ${usual.name}${picked === undefined ? ' (now)' : ''}`,
            hint: `${usual.reason}; changes with it`,
            run: () => pick(undefined),
          },
          ...options.map((option): PickerOption => ({
            label: option.name + (option.name === picked ? ' (now)' : ''),
            hint: hintOf(option, first),
            ...(option.whyNot === undefined ? {} : { whyNot: option.whyNot }),
            run: () => pick(option.name),
          })),
        ];
        const title = first
          ? `How to roll out to ${environment}: nothing serves there yet, so the steps are skipped`
          : `How to roll out to ${environment}`;
        const at = options.findIndex(({ name }) => name === picked) + 1;
        openPicker(store, { title, options: listed, at });
      });
    },
  };
}
