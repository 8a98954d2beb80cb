import type { Actor } from '../domain/actor.ts';
import type { AgentRole } from '../domain/agents.ts';
import type { ProcessIdentity } from './processes.ts';

/** A process that is here for a deployment now. */
export interface Present {
  process: ProcessIdentity;
  by: Actor;
  deployment: string;
  role: AgentRole;
  since: string;
  /** For how long it was not heard of, milliseconds of a running machine; undefined for one that gives no signs of life. */
  silentMs: number | undefined;
}

/** What a process that said it is here can do about it. */
export interface Stay {
  /** A sign of life. Never throws: that it could not be given shows as silence. */
  renew(): Promise<void>;
  leave(): Promise<void>;
}

/** Who is here now. It says nothing about what happened: that is in the journals. */
export interface Presence {
  /** This process is here until it leaves or ends, however it ends. Never throws. */
  arrive(here: Pick<Present, 'by' | 'deployment' | 'role'>): Promise<Stay>;
  /** Everybody whose process still runs, oldest first; what others left behind when they died is removed. */
  present(): Promise<Present[]>;
}
