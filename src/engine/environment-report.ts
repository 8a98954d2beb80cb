import type { Version } from '../domain/event.ts';
import type { LockLook } from './unlock.ts';
import type { EnvironmentConfiguration } from './environment-configuration.ts';
import type { EnvironmentsApart } from './environments-apart.ts';
import type { EnvironmentState } from './orchestrator.ts';

/** What is not as it should be in an environment, in words; `info` is worth knowing and no harm. */
export interface DriftNote {
  about: 'record' | 'router' | 'process' | 'version' | 'settings' | 'lock' | 'history';
  tone: 'bad' | 'warn' | 'info';
  text: string;
}

/** One copy of a version as it really runs. */
export interface CopyLook {
  version: Version;
  pid: number;
  port: number;
  /** What its health check says now. */
  healthy: boolean;
}

/** One service in one region, as router and processes really are. */
export interface PlaceLook {
  key: string;
  service: string;
  region?: string;
  url: string;
  /** Undefined where no router runs. */
  router: { stable: Version | null; candidate: Version | null; weight: number } | undefined;
  copies: CopyLook[];
  /** How many copies of what serves there should be. */
  wanted: number;
  /** What is asked for a version, and what it answered, where the service has such a path. */
  asked?: { path: string; answer: string | undefined };
}

/** A deployment under way in an environment. */
export interface UnderWay {
  id: string;
  kind: 'deploy' | 'rollback';
  /** The stage it is in. */
  stage: string;
  status: string;
  /** Why it is where it is, where that is known. */
  reason?: string;
  phase?: string;
  weight: number;
  to: string | undefined;
  by: string;
  since: string;
  /** It waits for a person’s yes since then; `notBy` is who may not give it. */
  approval?: { since: string; notBy?: string; /** How many are missing, and who may. */ missing?: string };
  /** It goes on by itself then; and the same in words, in the environment's time zone. */
  until?: string;
  untilWords?: string;
}

/** Everything there is to say of one environment. */
export interface EnvironmentReport {
  state: EnvironmentState;
  /** The environment it is compared with: the one that has to come first, else the one before it in the file. */
  before?: { environment: string; because: 'pipeline' | 'order' };
  /** `a` is that one, `b` this one; absent where there is none before, or while it is not known yet. */
  apart?: EnvironmentsApart;
  lock: LockLook;
  underWay?: UnderWay;
  places: PlaceLook[];
  drift: DriftNote[];
  configuration?: EnvironmentConfiguration;
  /** What could not be looked at, and why. */
  problems: string[];
}
