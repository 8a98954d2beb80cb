import type { Actor } from '../domain/actor.ts';
import { begin, decide } from '../domain/decide.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Effect } from '../domain/effect.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { evolve } from '../domain/evolve.ts';
import type { Input } from '../domain/input.ts';
import { candidatePlaces } from '../domain/places.ts';
import { nextEffects } from '../domain/next-effect.ts';
import type { LockEntry } from '../ports/environment-lock.ts';
import type { Journal } from '../ports/journal.ts';
import type { Stay } from '../ports/presence.ts';
import { closingReports } from '../planning/papers/closing-reports.ts';
import { perform } from './effects.ts';
import { failureOf } from './failure.ts';
import { Mailbox } from './mailbox.ts';
import type { ConductorPorts } from './ports.ts';
import { createLivingPlan, writtenAnewAt, type LivingPlan } from './living-plan.ts';
import { createShowProgress } from './show-progress.ts';
import { reconcile } from './recovery.ts';
import { steadyClock } from './steady-clock.ts';

/** How often the inbox is looked at and time is let pass, in milliseconds. */
const tickMs = 100;

/** How often the router hears that this conductor lives; its dead man's switch waits fifteen times as long. */
const heartbeatMs = 1000;

/** How often watchers are told how far it is, and that this conductor lives, in milliseconds. */
const refreshMs = 1000;

/** A round that takes longer than this hangs, in milliseconds: the longest wait within one is `cancelMs`. No sign of life is given then. */
const longestRoundMs = 25_000;

/** How long an effect that is no longer wanted may take to end before the next begins beside it. */
const cancelMs = 15_000;

/** Wait before an effect is tried again, times the attempts so far. */
const retryMs = 1000;

interface Running {
  effect: Effect;
  abort: AbortController;
  done: Promise<void>;
}

/**
 * Runs one deployment to its end: takes its lock over, folds its journal, looks at the real world, then does the
 * next effect again and again, journaling each decision before it acts on it. Resolves when the deployment is
 * finished and put away; throws `conductor-alive` when another runs it, `lock-lost` when another took over.
 */
export async function conduct(ports: ConductorPorts, id: string): Promise<void> {
  const requested = (await ports.journals.read(id))[0];
  if (requested?.type !== 'deployment.requested') throw new TypeError(`${id} does not begin with a request`);
  const lock = await ports.lock.takeOver(requested.environment, id, requested.by);
  const journal = await ports.journals.open(id);
  try {
    await new Conductor(ports, id, lock, journal).run();
  } finally {
    await journal.close();
  }
}

class Conductor {
  readonly #ports: ConductorPorts;
  readonly #id: string;
  readonly #lock: LockEntry;
  readonly #journal: Journal;
  readonly #mailbox = new Mailbox<Input>();
  /** Requests journaled already: a crash may have come between that and their removal from the inbox. */
  readonly #answered = new Set<string>();
  readonly #over = new AbortController();
  #d: Deployment;
  /** What is under way, by the effect's id. */
  readonly #running = new Map<string, Running>();
  /** When the last round began, in milliseconds that no clock can move. */
  #roundAt = performance.now();
  readonly #showProgress: (own: Deployment) => Promise<void>;
  readonly #plan: LivingPlan;

  constructor(ports: ConductorPorts, id: string, lock: LockEntry, journal: Journal) {
    this.#ports = {
      ...ports,
      clock: steadyClock(ports.clock, journal.events.at(-1)?.at),
      wallClock: ports.clock,
    };
    this.#id = id;
    this.#lock = lock;
    this.#journal = journal;
    this.#showProgress = createShowProgress(ports);
    this.#plan = createLivingPlan(ports);
    let folded: Deployment | undefined;
    for (const event of journal.events) {
      folded = evolve(folded, event);
      if (event.type === 'command.received') this.#answered.add(event.request);
    }
    if (!folded) throw new TypeError(`${id} has an empty journal`);
    this.#d = folded;
  }

  async run(): Promise<void> {
    const { presence } = this.#ports;
    const stay = await presence.arrive({ by: this.#self(), deployment: this.#id, role: 'conducts' });
    const refreshing = this.#refreshes(stay);
    try {
      if (!this.#finished()) {
        await this.#takeUp();
        const heartbeat = this.#heartbeats();
        try {
          while (!this.#finished()) await this.#turn();
        } finally {
          this.#over.abort(new Error('the conductor ends'));
          await heartbeat;
        }
      }
      this.#over.abort(new Error('the conductor ends'));
      await refreshing;
      await this.#putAway();
    } finally {
      this.#over.abort(new Error('the conductor ends'));
      await refreshing;
      await stay.leave();
    }
  }

  #self(): Actor {
    return { name: 'conductor', face: 'conductor', kind: 'worker', pid: process.pid };
  }

  #finished(): boolean {
    return this.#d.status.kind === 'finished';
  }

  /** Says that this conductor is here, and what it found. */
  async #takeUp(): Promise<void> {
    const found = await reconcile(this.#ports, this.#d, this.#journal.damaged);
    const self = this.#lock.conductor;
    await this.#record([
      {
        type: 'conductor.started',
        pid: self?.pid ?? process.pid,
        startTime: self?.startTime ?? '',
        fence: this.#lock.fence,
        recovery: found.recovery,
        reason: found.reason,
      },
    ]);
    this.#ports.log(`${found.recovery}: ${found.reason}`);
    if (found.switched) await this.#decide({ kind: 'dead-man', ...found.switched });
    else if (found.recovery === 'roll_back' && this.#d.status.kind !== 'rolling_back') {
      await this.#record([{ type: 'rollback.started', trigger: 'crash', reason: found.reason }]);
    }
  }

  /** One round: see that the wanted effects run and no other, then take in what happened. */
  async #turn(): Promise<void> {
    this.#roundAt = performance.now();
    const wanted = nextEffects(this.#d);
    const unwanted = [...this.#running.values()].filter(
      ({ effect }) => !wanted.some(({ id }) => id === effect.id),
    );
    await Promise.all(unwanted.map((running) => this.#cancel(running)));
    for (const effect of wanted) {
      if (this.#running.has(effect.id)) continue;
      await this.#record(begin(this.#d, effect));
      this.#start(effect);
    }
    const input = await this.#mailbox.next(this.#ports.clock.sleep(tickMs));
    if (input) await this.#decide(input);
    await this.#readInbox();
    // A machine that slept has another time of day than the one that its own time came to.
    await this.#decide({ kind: 'tick', wall: (this.#ports.wallClock ?? this.#ports.clock).now() });
  }

  #start(effect: Effect): void {
    const abort = new AbortController();
    const running: Running = { effect, abort, done: Promise.resolve() };
    this.#running.set(effect.id, running);
    const post = (input: Input) => {
      if (!abort.signal.aborted) this.#mailbox.post(input);
    };
    running.done = this.#delayed(effect, abort.signal)
      .then(() =>
        perform(effect, {
          ports: this.#ports,
          deployment: this.#d,
          effect: effect.id,
          fence: this.#lock.fence,
          signal: abort.signal,
          post,
        }),
      )
      .then(
        (event) => post({ kind: 'effect-done', event }),
        (error: unknown) => {
          if (abort.signal.aborted) return;
          this.#ports.log(`${effect.id} failed: ${messageOf(error)}`);
          post({ kind: 'effect-failed', effect: effect.id, failure: failureOf(error) });
        },
      );
  }

  /** An effect that failed before waits a little longer each time. */
  async #delayed(effect: Effect, signal: AbortSignal): Promise<void> {
    const attempt = Number(effect.id.slice(effect.id.lastIndexOf('/') + 1));
    if (attempt > 1) await this.#ports.clock.sleep(retryMs * (attempt - 1), signal);
  }

  async #cancel(running: Running): Promise<void> {
    running.abort.abort(new Error(`${running.effect.id} is no longer wanted`));
    // Watching only reads: a rollback does not wait for its last answer.
    if (running.effect.kind !== 'observe') {
      await Promise.race([running.done, this.#ports.clock.sleep(cancelMs)]);
    }
    this.#running.delete(running.effect.id);
  }

  async #decide(input: Input): Promise<void> {
    await this.#record(decide(this.#d, input, this.#ports.clock.now()));
    if (input.kind === 'effect-failed') this.#running.delete(input.effect);
    if (input.kind === 'effect-done' && 'effect' in input.event && typeof input.event.effect === 'string')
      this.#running.delete(input.event.effect);
  }

  async #readInbox(): Promise<void> {
    for (const request of await this.#ports.journals.inbox(this.#id)) {
      if (!this.#answered.has(request.id)) {
        await this.#decide({ kind: 'request', request });
        this.#answered.add(request.id);
      }
      await this.#ports.journals.settle(this.#id, request.id);
    }
  }

  /** Journals, then folds: nothing is acted on that is not on the disk. */
  async #record(bodies: readonly EventBody[]): Promise<void> {
    if (bodies.length === 0) return;
    if (!(await this.#ports.lock.holds(this.#d.environment, this.#lock.fence))) {
      throw new OrchestraError('lock-lost', `another conductor took ${this.#d.environment} over`, {
        hint: 'nothing to do: the other one goes on',
      });
    }
    for (const event of await this.#journal.append(bodies, this.#ports.clock.now())) {
      this.#d = evolve(this.#d, event);
    }
    if (bodies.some(({ type }) => writtenAnewAt.has(type))) this.#plan.changed(this.#d);
  }

  /**
   * Signs of life and the progress files, which are for watchers: that they cannot be written is no reason to stop. A conductor
   * that is stopped, or whose round hangs, gives no sign.
   */
  async #refreshes(stay: Stay): Promise<void> {
    const { signal } = this.#over;
    let problem = '';
    while (!signal.aborted) {
      if (performance.now() - this.#roundAt < longestRoundMs) await stay.renew();
      try {
        await this.#showProgress(this.#d);
      } catch (error) {
        // Said once: it would be said every second.
        if (problem !== messageOf(error)) this.#ports.log(`progress.json: ${messageOf(error)}`);
        problem = messageOf(error);
      }
      await this.#ports.clock.sleep(refreshMs, signal).catch(() => undefined);
    }
  }

  async #heartbeats(): Promise<void> {
    const { clock, router } = this.#ports;
    while (!this.#over.signal.aborted) {
      const { candidate, status } = this.#d;
      if (candidate.kind === 'running' && status.kind !== 'concluding' && status.kind !== 'finished') {
        await Promise.all(
          candidatePlaces(this.#d.plan).map(({ key }) =>
            router
              .heartbeat(key, this.#id, this.#lock.fence)
              .catch((error: unknown) => this.#ports.log(`heartbeat in ${key}: ${messageOf(error)}`)),
          ),
        );
      }
      await clock.sleep(heartbeatMs, this.#over.signal).catch(() => undefined);
    }
  }

  /** Starts who looks after what was promoted; that nobody could be started is said and no reason to stop. */
  #startVerifier(): void {
    const { status, plan, candidate } = this.#d;
    const succeeded = status.kind === 'finished' && status.outcome === 'succeeded';
    if (!succeeded || candidate.kind !== 'promoted' || !plan.verification) return;
    try {
      this.#ports.verification?.launch(this.#id);
    } catch (error) {
      this.#ports.log(`the verification did not start: ${messageOf(error)}`);
    }
  }

  async #putAway(): Promise<void> {
    const { memory, lock } = this.#ports;
    await this.#plan.settled();
    await memory.writeDocuments(
      this.#id,
      closingReports(this.#d, await this.#ports.journals.read(this.#id).catch(() => [])),
    );
    await this.#showProgress(this.#d).catch((error: unknown) =>
      this.#ports.log(`progress.json: ${messageOf(error)}`),
    );
    // Before it is put away: a conductor that dies in between is followed by another, which does this again.
    this.#startVerifier();
    await memory.archive(this.#d);
    await lock.release(this.#d.environment, this.#lock.fence);
    // Nobody waits for it, and the next one does what this one could not.
    await memory.tidy().catch((error: unknown) => this.#ports.log(`old deployments: ${messageOf(error)}`));
  }
}
