import type { SuiteFinding } from './suites/suite-finding.ts';

/** Something that was found, and the file that says so. */
export interface Evidence {
  what: string;
  from: string;
}

/** Shell command lines of a project, each only where the project's own files give it. */
export interface Commands {
  install?: string;
  build?: string;
  start?: string;
  migrate?: string;
  test?: string;
}

/** What a stack's detector found. `claim` orders detectors that all recognise a project: 2 = can start it, 1 = only knows its files. */
export interface StackFindings extends Commands {
  stack: string;
  claim: 1 | 2;
  /** The project's own name, where a manifest gives one. */
  name?: string;
  /** Files in which routes and ports are looked for. */
  sources: RegExp;
  /** The port the stack listens on unless told otherwise. */
  usualPort: number;
  /** The variable the start command takes the port from, when that is sure without reading the sources. */
  portEnv?: string;
  /** A health path the stack brings by itself. */
  healthPath?: { path: string; from: string };
  evidence: Evidence[];
}

/** A project as `init` understands it. */
export interface Detection extends Commands {
  stack: string;
  name: string | undefined;
  /** `guessed` when no route for it was found: then it is `/`. */
  health: { path: string; guessed: boolean };
  /** The port people know the application by. */
  port: number;
  /** The variable that tells the application its port, and whether its code is known to read it. */
  portEnv: { name: string; sure: boolean };
  /** The suites that `init` writes; absent where a caller knows none but `test`. */
  suites?: SuiteFinding[];
  /** Tests that were found and are not written, with the reason. */
  leftSuites?: Evidence[];
  evidence: Evidence[];
}
