import { PassThrough } from 'node:stream';
import { compose, composeDoctor, composeProject } from '../../src/compose.ts';
import { main } from '../../src/faces/cli/main.ts';
import type { Shell } from '../../src/faces/cli/context.ts';

const none = async () => Promise.reject(new Error('there is none'));

/** A command's surroundings where nobody can be asked, and what it wrote; each `told` gives what is new since the last. */
export function quietShell(parts: Partial<Shell> & Pick<Shell, 'open'>): {
  shell: Shell;
  told: () => { out: string; err: string };
} {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const shell: Shell = {
    openProject: none,
    openDoctor: none,
    ask: undefined,
    confirm: undefined,
    stdout,
    stderr,
    interrupted: new AbortController().signal,
    cwd: '/',
    ...parts,
  };
  const told = () => ({ out: String(stdout.read() ?? ''), err: String(stderr.read() ?? '') });
  return { shell, told };
}

/** The whole program behind a command line. */
export const wholeProgram = { open: compose, openProject: composeProject, openDoctor: composeDoctor };

/** One command line, where nobody can be asked: its exit code, and what it wrote. */
export async function runCommand(
  args: readonly string[],
  parts: Parameters<typeof quietShell>[0],
): Promise<{ code: number; out: string; err: string }> {
  const { shell, told } = quietShell(parts);
  const code = await main([...args], shell, '1.0.0');
  return { code, ...told() };
}
