import type { Actor } from '../src/domain/actor.ts';
import type { Improvement } from '../src/domain/improvement.ts';
import { savingWords } from '../src/domain/improvement-words.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import type { AnalysisState } from './analysis-state.ts';
import { ask } from './asking.ts';
import type { UiStore } from './create-store.ts';
import { openPicker } from './picker.ts';
import { problemOf } from './problem.ts';
import { fail, tell } from './say.ts';
import type { Dialog, Intent } from './state.ts';

/** What past deployments say could be done better; every method answers through the store and never throws. */
export interface ImprovementsLook {
  /** Asks about the only change of `orchestra.yaml` there is, or which of them. */
  askImprovement(): void;
  /** Writes the change that was shown. */
  improve(intent: Extract<Intent, { kind: 'improve' }>): Promise<void>;
}

/** Asks before `orchestra.yaml` is changed. */
export function improvementDialog(one: Improvement, environment: string | undefined): Dialog {
  const saving = savingWords(one);
  return {
    title: 'Change orchestra.yaml?',
    rows: [
      { label: 'found', value: `${one.title} (n=${one.n})` },
      ...(saving === undefined ? [] : [{ label: 'gain', value: saving }]),
    ],
    effect: [...one.weakens.map((sentence) => `▲ It weakens: ${sentence}`), one.suggestion, ...one.evidence],
    ...(one.change && { diff: one.change.diff }),
    yes: 'Change the file',
    chosen: 'no',
    intent: {
      kind: 'improve',
      id: one.id,
      hash: one.change?.hash ?? '',
      ...(environment === undefined ? {} : { environment }),
    },
  };
}

type Read = Extract<AnalysisState, { status: 'read' }>;

/** Looks for improvements once the analysis that is looked at is there, and applies them at a person's word. */
export function createImprovementsLook(
  store: UiStore,
  orchestrator: Orchestrator,
  { actor, refresh }: { actor: Actor; refresh: () => Promise<void> },
): ImprovementsLook & { stop: () => void } {
  const ended = new AbortController();
  const { signal } = ended;

  /** Puts it beside the analysis it belongs to, where that is still shown. */
  function put(of: Read, improvements: NonNullable<Read['improvements']>): void {
    const { analysis } = store.getState();
    if (!signal.aborted && analysis.status === 'read' && analysis.analysis === of.analysis)
      store.setState({ analysis: { ...analysis, improvements } });
  }

  async function look(of: Read): Promise<void> {
    const { environment } = of;
    put(of, { status: 'reading', whyNot: 'past deployments are being looked at' });
    try {
      const asked = environment === undefined ? { signal } : { environment, signal };
      const found = await orchestrator.improvements(asked);
      const none = !found.improvements.some(({ change }) => change);
      const why = { whyNot: 'nothing was found that a setting would do' };
      put(of, { status: 'read', found, ...(none && why) });
    } catch (error) {
      const problem = problemOf(error);
      put(of, { status: 'failed', problem, whyNot: safeText(problem.message, 120) });
    }
  }

  const unsubscribe = store.subscribe(({ session, analysis }, before) => {
    if (session.view !== 'analysis' || analysis.status !== 'read' || analysis.improvements) return;
    if (analysis !== before.analysis || session !== before.session) void look(analysis);
  });

  return {
    askImprovement() {
      const { analysis } = store.getState();
      const whyNot =
        analysis.status === 'read' && analysis.improvements
          ? analysis.improvements.whyNot
          : 'past deployments are still being looked at';
      if (whyNot !== undefined) return tell(store, `Not now: ${whyNot}.`, 'warn');
      if (analysis.status !== 'read' || analysis.improvements?.status !== 'read') return;
      const { environment } = analysis;
      const changes = analysis.improvements.found.improvements.filter(({ change }) => change);
      const [only, ...others] = changes;
      if (only && others.length === 0 && only.whyNot === undefined)
        return ask(store, improvementDialog(only, environment));
      openPicker(store, {
        title: 'Change orchestra.yaml for',
        options: changes.map((one) => ({
          label: one.title,
          hint: savingWords(one) ?? one.suggestion,
          ...(one.whyNot !== undefined && { whyNot: one.whyNot }),
          run: (to) => ask(to, improvementDialog(one, environment)),
        })),
      });
    },

    async improve({ id, hash, environment }) {
      if (store.getState().busy) return;
      store.setState({ busy: 'orchestra.yaml is being changed' });
      try {
        const request = { id, hash, by: actor, ...(environment === undefined ? {} : { environment }) };
        await orchestrator.applyImprovement(request);
        tell(store, safeText('orchestra.yaml was changed; look it over and commit it.'));
        await refresh();
      } catch (error) {
        fail(store, problemOf(error));
      } finally {
        store.setState({ busy: undefined });
      }
      const { analysis } = store.getState();
      if (analysis.status === 'read') await look(analysis);
    },

    stop() {
      unsubscribe();
      ended.abort();
    },
  };
}
