import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { Disk, OpenFile } from './disk.ts';

/**
 * Places where a build for tests can be made to fail. A normal build holds none of this: whoever comes by asks
 * `ORCHESTRA_FAILPOINTS` first, which is `false` there, and the bundler leaves the rest out.
 */
declare global {
  /** True in builds and tests in which failpoints work; set by the bundler. */
  // oxlint-disable-next-line no-var
  var ORCHESTRA_FAILPOINTS: boolean | undefined;
}

/** What a failpoint may do when it is reached. Throwing makes the operation fail with that error. */
export type AtPoint = (point: string, count: number) => void | Promise<void>;

const state: { count: number; act: AtPoint | undefined; under: Disk | undefined } = {
  count: 0,
  act: undefined,
  under: undefined,
};

/** An error as the system gives it. */
export function systemError(code: string, point: string): Error {
  return Object.assign(new Error(`${code}: made at ${point}`), { code });
}

/**
 * What the environment asks for in `ORCHESTRA_FAIL`: `kill@K` (SIGKILL at the K-th point), `stop@K` (SIGSTOP), or an
 * error's code, `EIO@K`, `ENOSPC@K+` (that one and all after it); `K` may have a point's name before it, `rename:config.json@2`.
 * `ORCHESTRA_FAIL_LOG` names a file that every point reached is written to.
 */
function asked(): AtPoint | undefined {
  const { ORCHESTRA_FAIL: wish, ORCHESTRA_FAIL_LOG: log } = process.env;
  const match = /^(kill|stop|E[A-Z]+)(?::(.+))?@(\d+)(\+?)$/.exec(wish ?? '');
  if (!match && log === undefined) return undefined;
  const [, how = '', name, at = '0', on = ''] = match ?? [];
  let seen = 0;
  return (point) => {
    if (log !== undefined) appendFileSync(log, `${point}\n`);
    if (!match || (name !== undefined && point !== name)) return;
    seen += 1;
    if (on === '+' ? seen < Number(at) : seen !== Number(at)) return;
    if (how === 'kill') process.kill(process.pid, 'SIGKILL');
    else if (how === 'stop') process.kill(process.pid, 'SIGSTOP');
    else throw systemError(how, point);
  };
}

/** Comes by the failpoint `point`. */
export async function reach(point: string): Promise<void> {
  state.act ??= asked();
  state.count += 1;
  await state.act?.(point, state.count);
}

/** For tests in one process: what is done at every point from now on, and on which disk; nothing undoes it. */
export function failWith(act: AtPoint | undefined, under?: Disk): void {
  state.count = 0;
  state.act = act ?? (() => undefined);
  state.under = under;
}

/** `rename:config.json`: which operation, on what; ids, tokens and numbers left out, so that a name stays the same. */
function pointOf(operation: string, file: string): string {
  const base = path
    .basename(file)
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'N')
    .replace(/[0-9a-f]{8}-\d+-[0-9a-f]+(?:-[0-9a-f]+)?/, 'TOKEN')
    .replace(/\d{8}_\d{6}(?:-\d+)?/, 'ID')
    .replace(/\d{6,}/g, 'N');
  return `${operation}:${base}`;
}

/** A disk with a failpoint before each of its operations. What is written is written in halves: a kill may tear it. */
export function failing(system: Disk): Disk {
  const under = () => state.under ?? system;
  const before = async (operation: string, file: string) => reach(pointOf(operation, file));

  const watched = (file: string, opened: OpenFile): OpenFile => ({
    async read(at, length) {
      await before('read', file);
      return opened.read(at, length);
    },
    async write(data) {
      const bytes = Buffer.from(data);
      await before('write', file);
      const half = Math.ceil(bytes.length / 2);
      await opened.write(bytes.subarray(0, half));
      await before('tear', file);
      if (half < bytes.length) await opened.write(bytes.subarray(half));
    },
    async sync() {
      await before('sync', file);
      await opened.sync();
    },
    async datasync() {
      await before('datasync', file);
      await opened.datasync();
    },
    async truncate(length) {
      await before('truncate', file);
      await opened.truncate(length);
    },
    size: () => opened.size(),
    close: () => opened.close(),
  });

  return {
    async open(file, how, rights) {
      await before(how === 'read' ? 'open' : 'create', file);
      return watched(file, await under().open(file, how, rights));
    },
    async read(file) {
      await before('read', file);
      return under().read(file);
    },
    async list(folder) {
      await before('list', folder);
      return under().list(folder);
    },
    stat: (file) => under().stat(file),
    exists: (file) => under().exists(file),
    async makeFolders(folder, rights) {
      await before('make-folders', folder);
      return under().makeFolders(folder, rights);
    },
    async makeFolder(folder) {
      await before('make-folder', folder);
      return under().makeFolder(folder);
    },
    async rename(from, to) {
      await before('rename', to);
      return under().rename(from, to);
    },
    async link(from, to) {
      await before('link', to);
      return under().link(from, to);
    },
    async unlink(file) {
      await before('unlink', file);
      return under().unlink(file);
    },
    async removeFolder(folder) {
      await before('remove-folder', folder);
      return under().removeFolder(folder);
    },
    async removeAll(file) {
      await before('remove-all', file);
      return under().removeAll(file);
    },
    async copy(from, to) {
      await before('copy', to);
      return under().copy(from, to);
    },
    touch: (file) => under().touch(file),
    real: (file) => under().real(file),
    async syncFolder(folder) {
      await before('sync-folder', folder);
      return under().syncFolder(folder);
    },
  };
}
