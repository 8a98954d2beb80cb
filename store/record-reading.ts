import type { Event } from '../src/domain/event.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { setSession, type UiStore } from './create-store.ts';
import { problemOf } from './problem.ts';
import { tell } from './say.ts';
import type { UiState } from './state.ts';

/** So often it is said how far the reading of old records is; drawing more often only slows it. */
const toldEveryMs = 100;

/** A journal that was cut off never says that it has ended. */
const eventsWithinMs = 10_000;

export interface RecordReader {
  stop(): void;
}

/**
 * Reads what the open view shows of past deployments and nobody asked for with a key: the analysis, the report of the last
 * deployment, the events of an open record. It goes by what is looked at, whoever opened it, and reads nothing twice.
 */
export function createRecordReader(store: UiStore, orchestrator: Orchestrator): RecordReader {
  const ended = new AbortController();
  let analysing: { environment: string | undefined; stop: AbortController } | undefined;

  async function readAnalysis(environment: string | undefined, signal: AbortSignal): Promise<void> {
    const { history } = store.getState();
    if (history.status !== 'loaded') return;
    let told = 0;
    const began = performance.now();
    try {
      const analysis = await orchestrator.analysis({
        ...(environment === undefined ? {} : { environment }),
        signal,
        told(done, of) {
          if (signal.aborted || performance.now() - told < toldEveryMs) return;
          told = performance.now();
          const leftMs = done === 0 ? undefined : ((told - began) / done) * (of - done);
          store.setState({
            analysis: {
              status: 'reading',
              environment,
              done,
              of,
              ...(leftMs === undefined ? {} : { leftMs }),
            },
          });
        },
      });
      if (!signal.aborted)
        store.setState({ analysis: { status: 'read', environment, analysis, rows: history.rows } });
    } catch (error) {
      if (!signal.aborted)
        store.setState({
          analysis: { status: 'failed', environment, problem: problemOf(error), rows: history.rows },
        });
    }
  }

  /** Begins the analysis that is looked at, where it is not there or out of date; another one is given up. */
  function lookAtAnalysis({ session, history, analysis }: UiState): void {
    if (session.view !== 'analysis' || history.status !== 'loaded') return;
    const environment = session.analysisOf;
    const known =
      (analysis.status === 'read' || analysis.status === 'failed') &&
      analysis.environment === environment &&
      analysis.rows === history.rows;
    if (known || (analysing && analysing.environment === environment)) return;
    analysing?.stop.abort();
    const stop = new AbortController();
    analysing = { environment, stop };
    if (analysis.status !== 'read')
      store.setState({ analysis: { status: 'reading', environment, done: 0, of: 0 } });
    void readAnalysis(environment, AbortSignal.any([stop.signal, ended.signal])).finally(() => {
      if (analysing?.stop === stop) analysing = undefined;
    });
  }

  function lookAtLearning({ session, deployment, learning }: UiState): void {
    if (session.view !== 'learning' || deployment?.status.kind !== 'finished') return;
    const { id } = deployment;
    if (learning?.id === id) return;
    store.setState({ learning: { id, status: 'reading' } });
    const end = (learning: NonNullable<UiState['learning']>) => {
      if (store.getState().learning?.id === id) store.setState({ learning });
    };
    void orchestrator
      .learningReport(id)
      .then((report) => end({ id, status: 'read', report }))
      .catch((error: unknown) => {
        end({ id, status: 'failed' });
        tell(store, `The learning report cannot be read: ${problemOf(error).message}`, 'warn');
      });
  }

  let reading: string | undefined;

  function lookAtEvents({ session: { detail } }: UiState): void {
    if (detail?.kind !== 'record' || detail.tab !== 'events' || detail.record.status !== 'read') return;
    const { deployment, events } = detail.record;
    if (!deployment || events || reading === deployment.id) return;
    reading = deployment.id;
    void readEvents(deployment.id, deployment.seq).finally(() => {
      reading = undefined;
    });
  }

  async function readEvents(id: string, last: number): Promise<void> {
    const events: Event[] = [];
    try {
      const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(eventsWithinMs)]);
      for await (const event of orchestrator.follow(id, 0, signal)) {
        events.push(event);
        if (event.seq >= last) break;
      }
    } catch (error) {
      tell(store, `Its events cannot be read: ${problemOf(error).message}`, 'warn');
    }
    const { detail } = store.getState().session;
    if (detail?.kind === 'record' && detail.row.id === id && detail.record.status === 'read')
      setSession(store, { detail: { ...detail, record: { ...detail.record, events } } });
  }

  const unsubscribe = store.subscribe((state, before) => {
    const { session, history, deployment } = state;
    if (session !== before.session || history !== before.history) {
      lookAtAnalysis(state);
      lookAtEvents(state);
    }
    if (session !== before.session || deployment !== before.deployment) lookAtLearning(state);
  });

  return {
    stop() {
      unsubscribe();
      ended.abort();
    },
  };
}
