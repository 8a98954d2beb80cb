import type { Orchestrator, Recovered } from '../../engine/orchestrator.ts';
import type { Doctor } from '../../engine/doctor/create-doctor.ts';
import type { InitRequest } from './init.ts';
import type { Output } from './output.ts';

/** What the command line needs from the process it runs in. */
export interface Shell {
  /** Opens the engine for the repository at or above a folder. */
  open: (dir: string) => Promise<Orchestrator>;
  /** The files of the repository at or above a folder, for `init`. */
  openProject: (dir: string) => Promise<Omit<InitRequest, 'start' | 'ask'>>;
  /** The doctor of the repository at or above a folder, also where its memory or configuration is broken. */
  openDoctor: (dir: string) => Promise<Doctor>;
  /** Asks for a line of text on the terminal; undefined where there is nobody to ask. */
  ask: ((question: string) => Promise<string>) | undefined;
  stdout: NodeJS.WritableStream;
  stderr: NodeJS.WritableStream;
  /** Asks a yes-or-no question on the terminal; undefined where there is nobody to ask. */
  confirm: ((question: string) => Promise<boolean>) | undefined;
  /** Aborted by Ctrl-C. */
  interrupted: AbortSignal;
  cwd: string;
}

/** Options that stand before or after any command. */
export interface GlobalOptions {
  C?: string;
  json?: boolean;
  input: boolean;
  yes?: boolean;
}

/** What every command is given. */
export interface Context {
  orchestrator: Orchestrator;
  output: Output;
  options: GlobalOptions;
  shell: Shell;
  /** What was found without its conductor before this command, and what became of it. */
  recovered: readonly Recovered[];
}

/** Tells what was found without its conductor and what became of it: the next command says so, whichever it is. */
export async function recoverAndTell({
  orchestrator,
  output,
}: Pick<Context, 'orchestrator' | 'output'>): Promise<Recovered[]> {
  const recovered = await orchestrator.recover((text) => output.note(text));
  for (const { id, environment, recovery, reason } of recovered) {
    const what = recovery === 'resume' ? 'resumed' : 'rolls back';
    output.note(`deployment ${id} (${environment}) had lost its conductor: ${what}, ${reason}`);
  }
  for (const warning of orchestrator.takeWarnings()) output.note(`note: ${warning}`);
  return recovered;
}
