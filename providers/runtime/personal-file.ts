import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Personal, PersonalFile } from '../../src/ports/personal.ts';

const schema = 'orchestra/terminal@1';

/** Far more than a person's few choices; what is larger is something else. In bytes. */
const most = 64 * 1024;

const longestTheme = 40;

/** Where a person's choices for the terminal stand; undefined where the environment names no home. */
export function personalPath(env: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CONFIG_HOME: config, HOME, USERPROFILE } = env;
  // A relative folder would be another one in every repository; the specification says to overlook it.
  const home = HOME || USERPROFILE;
  const folder = config && path.isAbsolute(config) ? config : home && path.join(home, '.config');
  return folder ? path.join(folder, 'orchestra', 'terminal.json') : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The file's object; undefined where there is none, or something that is not one. */
function load(file: string): Record<string, unknown> | undefined {
  let handle: number | undefined;
  try {
    // Opening a pipe that nobody writes to would wait for ever.
    handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = fstatSync(handle);
    if (!fstatSync(handle).isFile() || size > most) return undefined;
    const bytes = Buffer.alloc(size);
    const read = readSync(handle, bytes, 0, size, 0);
    const value: unknown = JSON.parse(bytes.toString('utf8', 0, read));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/**
 * The file to write: the one behind a link, where people keep their configuration elsewhere. Undefined where a device, a
 * pipe or a folder is in the way, and where a link leads to a file that holds something else.
 */
function target(file: string): string | undefined {
  let real: string;
  try {
    real = realpathSync(file);
  } catch {
    return file;
  }
  if (!statSync(real).isFile()) return undefined;
  return real === path.join(realpathSync(path.dirname(file)), path.basename(file)) || load(real)
    ? real
    : undefined;
}

/** Puts `text` in a file's place in one step. Throws the system's errors. */
function replace(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function parse({ tourSeen, theme, ascii, mouse }: Record<string, unknown>): Personal {
  return {
    ...(typeof tourSeen === 'boolean' ? { tourSeen } : {}),
    ...(typeof theme === 'string' && theme.length <= longestTheme ? { theme } : {}),
    ...(typeof ascii === 'boolean' ? { ascii } : {}),
    ...(typeof mouse === 'boolean' ? { mouse } : {}),
  };
}

/**
 * A person's choices in `terminal.json` of their configuration folder. Read and written at once, so that the first
 * frame knows them and leaving loses none; parsed by hand, because the first frame waits for no schema. Fields it does
 * not know stay in the file.
 */
export function personalFile(env: NodeJS.ProcessEnv): PersonalFile {
  const file = personalPath(env);
  return {
    read: () => (file === undefined ? {} : parse(load(file) ?? {})),
    keep(part) {
      if (file === undefined) return false;
      try {
        mkdirSync(path.dirname(file), { recursive: true });
        const to = target(file);
        if (to === undefined) return false;
        replace(to, `${JSON.stringify({ schema, ...load(file), ...part }, undefined, 2)}\n`);
        return true;
      } catch {
        return false;
      }
    },
  };
}
