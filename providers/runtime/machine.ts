import { constants } from 'node:fs';
import { access, lstat, readdir, stat, statfs } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import type { Machine } from '../../src/ports/machine.ts';

/** How long a program may take to tell its version, and a port to answer, in milliseconds. */
const versionMs = 1500;
const answerMs = 500;

/** This machine. */
export function createMachine(environment: NodeJS.ProcessEnv): Machine {
  return {
    node: process.versions.node,
    hasVariable: (name) => environment[name] !== undefined,

    async versionOf(program) {
      const asked = await execa(program, ['--version'], {
        reject: false,
        timeout: versionMs,
        stdin: 'ignore',
        maxBuffer: 10_000,
      });
      return asked.exitCode === 0 ? asked.stdout.split('\n')[0] : undefined;
    },

    async find(program, from) {
      const folders = program.includes('/') ? [from] : (environment['PATH'] ?? '').split(path.delimiter);
      for (const folder of folders.filter(Boolean)) {
        const file = path.resolve(folder, program);
        const runs = await access(file, constants.X_OK).then(
          () => true,
          () => false,
        );
        if (runs && (await stat(file)).isFile()) return file;
      }
      return undefined;
    },

    async freeBytes(folder) {
      const { bavail, bsize } = await statfs(await nearest(folder));
      return bavail * bsize;
    },

    async writable(folder) {
      return access(await nearest(folder), constants.W_OK | constants.X_OK).then(
        () => true,
        () => false,
      );
    },

    async sizeOf(folder, ms) {
      const until = performance.now() + ms;
      let bytes = 0;
      const waiting = [folder];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        const entries = await readdir(next, { withFileTypes: true }).catch(() => []);
        for (const entry of entries) {
          if (performance.now() > until) return { bytes, whole: false };
          const name = path.join(next, entry.name);
          if (entry.isDirectory()) waiting.push(name);
          else bytes += (await lstat(name).catch(() => undefined))?.size ?? 0;
        }
      }
      return { bytes, whole: true };
    },

    listens: (host, port) =>
      new Promise((resolve) => {
        const socket = connect({ host, port });
        const say = (answer: boolean) => {
          socket.destroy();
          resolve(answer);
        };
        socket.setTimeout(answerMs, () => say(false));
        socket.once('connect', () => say(true));
        socket.once('error', () => say(false));
      }),

    writtenAt: (file) =>
      stat(file).then(
        ({ mtime }) => mtime,
        () => undefined,
      ),
  };
}

/** The folder, or the nearest above it that is there. */
async function nearest(folder: string): Promise<string> {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    const found = await stat(at).catch(() => undefined);
    if (found?.isDirectory() || at === path.dirname(at)) return at;
  }
}
