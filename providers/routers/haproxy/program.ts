import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import type { RouterMissing } from '../../../src/ports/router.ts';

/** The first release with everything used here without an experimental mode: live servers and versions of maps. */
const oldest = { major: 2, minor: 6 };
const answerMs = 5_000;

/** Where Debian and most others put it; users who are not root seldom have that in their PATH. */
export const programPath = `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/local/sbin:/usr/sbin`;

/** What `haproxy -v` says, as numbers; undefined for another text. */
export function parseVersion(text: string): { major: number; minor: number } | undefined {
  const [, major, minor] = /^HA-?Proxy version (\d{1,4})\.(\d{1,4})/.exec(text) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : { major: Number(major), minor: Number(minor) };
}

/** Why HAProxy cannot be used on this machine; undefined when it can. */
export async function whyNoProgram(path = programPath): Promise<string | undefined> {
  let text: string;
  try {
    const options = { env: { PATH: path }, timeout: answerMs };
    text = (await promisify(execFile)('haproxy', ['-v'], options)).stdout;
  } catch {
    return 'HAProxy is not installed on this machine';
  }
  const version = parseVersion(text);
  if (!version) return 'the program `haproxy` does not say its version';
  const { major, minor } = version;
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return `HAProxy ${major}.${minor} is installed, ${oldest.major}.${oldest.minor} is the oldest that will do`;
}

/** `whyNoProgram`, with what to do about it. */
export async function whyNoHaproxy(): Promise<RouterMissing | undefined> {
  const why = await whyNoProgram();
  if (why === undefined) return undefined;
  return {
    why,
    hint: 'Install it (Debian: `apt-get install haproxy`), or set `router: embedded` for the environment.',
  };
}

/** Throws code `router-missing` (78) where HAProxy cannot be used. */
export async function requireProgram(): Promise<void> {
  const missing = await whyNoHaproxy();
  if (!missing) return;
  throw new OrchestraError('router-missing', missing.why, { hint: missing.hint, exit: exitCode.config });
}
