import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import type { RouterMissing } from '../../../src/ports/router.ts';

/** The first release that can bound how long old workers stay (`worker_shutdown_timeout`) and takes `-e`. */
const oldest = { major: 1, minor: 20 };
const answerMs = 5_000;

/** Where Debian and most others put it; users who are not root seldom have that in their PATH. */
export const programPath = `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin`;

/** What `nginx -v` says, as numbers; undefined for another text. */
export function parseVersion(text: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /^nginx version: [A-Za-z-]{1,20}\/(\d{1,4})\.(\d{1,4})/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** Why nginx cannot be used on this machine; undefined when it can. */
export async function whyNoProgram(
  path = programPath,
  platform: NodeJS.Platform = process.platform,
): Promise<string | undefined> {
  // Which workers still serve, and what is under way, is read from /proc.
  if (platform !== 'linux') return 'nginx as a router needs Linux';
  let text: string;
  try {
    const options = { env: { PATH: path }, timeout: answerMs };
    text = (await promisify(execFile)('nginx', ['-v'], options)).stderr;
  } catch {
    return 'nginx is not installed on this machine';
  }
  const version = parseVersion(text);
  if (!version) return 'the program `nginx` does not say its version';
  const { major, minor } = version;
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return `nginx ${major}.${minor} is installed, ${oldest.major}.${oldest.minor} is the oldest that will do`;
}

/** `whyNoProgram`, with what to do about it. */
export async function whyNoNginx(): Promise<RouterMissing | undefined> {
  const why = await whyNoProgram();
  if (why === undefined) return undefined;
  return {
    why,
    hint: 'Install it (Debian: `apt-get install nginx-light`), or set `router: embedded` for the environment.',
  };
}

/** Throws code `router-missing` (78) where nginx cannot be used. */
export async function requireProgram(): Promise<void> {
  const missing = await whyNoNginx();
  if (!missing) return;
  throw new OrchestraError('router-missing', missing.why, { hint: missing.hint, exit: exitCode.config });
}
