import type { Actor } from '../src/domain/actor.ts';
import type { AuditLook } from './audit-look.ts';
import type { ChoicesLook } from './choices-look.ts';
import type { ImprovementsLook } from './improvements-look.ts';
import type { LogSource } from './log-source.ts';
import type { Papers } from './papers.ts';
import type { Places } from './places.ts';
import type { Records } from './records.ts';
import type { Resting } from './rest.ts';
import type { Intent } from './state.ts';

/** What the keys can ask of the engine; every method answers through the store and never throws. */
export interface Link
  extends AuditLook, ChoicesLook, ImprovementsLook, Records, Places, LogSource, Papers, Resting {
  /** Who sits at this terminal: whom the journals name for what is asked here. */
  actor: Actor;
  toggle(id: string): void;
  /** Opens the list of selection strategies. */
  askStrategy(): void;
  /** Opens the list of rollout strategies that the environment can do. */
  askRollout(): Promise<void>;
  cycleEnvironment(): void;
  /** Goes on to the next stage from the view that is open. */
  next(): Promise<void>;
  /** Prepares the dialog that rolls back. */
  askRollBack(): Promise<void>;
  /** Prepares the dialog that asks for the reason to start now what waits for its time. */
  askEmergency(): void;
  /** Prepares the dialog that abandons or aborts the deployment under way. */
  askAbort(): void;
  pauseOrResume(): Promise<void>;
  promote(): Promise<void>;
  retry(): Promise<void>;
  /** Looks who holds the environment, and prepares the dialog that frees it where nobody does. */
  askUnlock(environment?: string): Promise<void>;
  confirm(intent: Intent): Promise<void>;
  /** Opens what the cursor stands on. */
  open(): Promise<void>;
  refresh(): Promise<void>;
  /** Stops following, polling and proving; what runs goes on without this process. */
  detach(): void;
}
