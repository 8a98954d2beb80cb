import type { Request } from '../domain/command.ts';
import type { Event, EventBody } from '../domain/event.ts';

/** A journal opened for writing, by the one conductor that holds the environment's lock. */
export interface Journal {
  /** What it holds so far, oldest first. */
  readonly events: readonly Event[];
  /** It was mended: what stood after some event could not be read, so later decisions are not known. */
  readonly damaged: boolean;
  /** Appends and fsyncs; resolves when the events are on the disk, with their places. Throws `OrchestraError` exit 74. */
  append(bodies: readonly EventBody[], at: Date): Promise<Event[]>;
  close(): Promise<void>;
}

/** All journals of a memory, under `current/<id>/` while a deployment runs and `history/<id>/` afterwards. */
export interface Journals {
  /** Takes a new deployment's id: the UTC time, with a suffix where two start in one second. Without a journal it is none yet. */
  claim(at: Date): Promise<string>;
  /** Begins a claimed deployment with its first event. */
  create(id: string, first: EventBody, at: Date): Promise<Event>;
  /** Opens for writing, cutting off a last line that was not written whole. */
  open(id: string): Promise<Journal>;
  /**
   * Throws code `unknown-deployment` (2) when there is none, `bad-journal` (74) when it holds what is no event,
   * `newer-schema` (78) when a later version of the program wrote some.
   */
  read(id: string): Promise<Event[]>;
  /** What was written after a place: whole decisions, and the place behind them. Throws as `read` does. */
  since(id: string, after: { seq: number; bytes: number }): Promise<{ events: Event[]; bytes: number }>;
  /** The events before the first that cannot be read, whether there is such a one, and whether a later version wrote some. */
  readable(id: string): Promise<{ events: Event[]; damaged: boolean; newer: boolean }>;
  /**
   * Cuts a journal that nobody writes off before what cannot be read, keeping a copy beside it; one without a first
   * event is set aside, folder and all. Says so as a problem. Does nothing to a good one; throws
   * `newer-schema` (78) for one that a later version writes.
   */
  mend(id: string): Promise<void>;
  /** Events after `fromSeq`, then new ones as they are written, until the deployment is finished or the signal aborts. */
  follow(id: string, fromSeq: number, signal?: AbortSignal): AsyncIterable<Event>;
  /** Ids under `current/`, oldest first: unfinished, or finished and not archived yet. */
  current(): Promise<string[]>;
  /** Puts a request into a running deployment's inbox. Throws code `not-running` (2) when it is over. */
  send(id: string, request: Request): Promise<void>;
  /** Requests waiting in the inbox, oldest first; what does not parse is thrown away and said in the log. */
  inbox(id: string): Promise<Request[]>;
  /** Removes a request that has been journaled. */
  settle(id: string, request: string): Promise<void>;
}
