import { constants, type BigIntStats } from 'node:fs';
import {
  copyFile,
  link,
  mkdir,
  open,
  readFile,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
  unlink,
  utimes,
} from 'node:fs/promises';
import { ifMissing } from './errno.ts';
import { failing } from './failpoints.ts';

/** An open file. Every method throws the system's errors. */
export interface OpenFile {
  /** Up to `length` bytes from `at` on; fewer at the end of the file. */
  read(at: number, length: number): Promise<Buffer>;
  /** Writes all of it where the file stands: at its end when it was opened to append. */
  write(data: string | Uint8Array): Promise<void>;
  /** All that was written is on the disk when it resolves, with what the file system knows of the file. */
  sync(): Promise<void>;
  /** The same without what is not needed to read it again, such as its times. */
  datasync(): Promise<void>;
  truncate(length: number): Promise<void>;
  /** In bytes. */
  size(): Promise<number>;
  close(): Promise<void>;
}

/** How a file is opened: as it is, at its end (made when missing), as a new one that must not be there, or to be changed in place. */
export type Opening = 'read' | 'append' | 'new' | 'new-append' | 'change';

export interface FolderEntry {
  name: string;
  kind: 'file' | 'folder' | 'other';
}

/**
 * The file system as the memory uses it: nothing else of it is touched, so that a failure, a kill or a power cut can be
 * made at every single operation. All throw the system's errors.
 */
export interface Disk {
  open(file: string, how: Opening, rights?: number): Promise<OpenFile>;
  /** The whole file. */
  read(file: string): Promise<Buffer>;
  /** What is in a folder, in no order. */
  list(folder: string): Promise<FolderEntry[]>;
  stat(path: string): Promise<Pick<BigIntStats, 'ino' | 'size' | 'mtimeNs' | 'ctimeNs'>>;
  exists(path: string): Promise<boolean>;
  /** Makes a folder and those above it; the first one made, undefined when all were there. */
  makeFolders(folder: string, rights?: number): Promise<string | undefined>;
  /** Makes one folder; EEXIST when there is something of that name. */
  makeFolder(folder: string): Promise<void>;
  /** Replaces `to` in one step. A folder replaces an empty one only. */
  rename(from: string, to: string): Promise<void>;
  /** Gives a file another name as well; EEXIST when something has it. */
  link(from: string, to: string): Promise<void>;
  /** Removes a file's name. */
  unlink(file: string): Promise<void>;
  /** Removes an empty folder. */
  removeFolder(folder: string): Promise<void>;
  /** Removes a file, or a folder with all that is in it; nothing there is fine. */
  removeAll(path: string): Promise<void>;
  copy(from: string, to: string): Promise<void>;
  /** Gives a path the present time. */
  touch(path: string): Promise<void>;
  /** The path without symbolic links. */
  real(path: string): Promise<string>;
  /** Makes names that were added to or taken from a folder survive a power cut, where the platform can. */
  syncFolder(folder: string): Promise<void>;
}

/** What is read may be a pipe that somebody put in a file's place: opening it must not wait for a writer. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

const flags = { read: reading, append: 'a', new: 'wx', 'new-append': 'ax', change: 'r+' } as const;

/** The machine's file system itself; everything but tests of failures goes through `disk`. */
export const systemDisk: Disk = {
  async open(file, how, rights = 0o644) {
    const handle = await open(file, flags[how], rights);
    return {
      async read(at, length) {
        const bytes = Buffer.alloc(length);
        const { bytesRead } = await handle.read(bytes, 0, length, at);
        return bytes.subarray(0, bytesRead);
      },
      write: (data) => handle.writeFile(data),
      sync: () => handle.sync(),
      datasync: () => handle.datasync(),
      truncate: (length) => handle.truncate(length),
      size: async () => (await handle.stat()).size,
      close: () => handle.close(),
    };
  },
  read: (file) => readFile(file, { flag: reading }),
  async list(folder) {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.map((entry) => ({
      name: entry.name,
      kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
    }));
  },
  stat: (path) => stat(path, { bigint: true }),
  exists: (path) => stat(path).then(() => true, ifMissing(false)),
  makeFolders: (folder, rights) =>
    mkdir(folder, { recursive: true, ...(rights === undefined ? {} : { mode: rights }) }),
  makeFolder: (folder) => mkdir(folder),
  rename: (from, to) => rename(from, to),
  link: (from, to) => link(from, to),
  unlink: (file) => unlink(file),
  removeFolder: (folder) => rmdir(folder),
  removeAll: (path) => rm(path, { recursive: true, force: true }),
  copy: (from, to) => copyFile(from, to),
  async touch(path) {
    const now = new Date();
    await utimes(path, now, now);
  },
  real: (path) => realpath(path),
  async syncFolder(folder) {
    if (process.platform === 'win32') return;
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  },
};

/** The machine's file system. In builds for tests, its operations can be made to fail, to kill, or be simulated. */
export const disk: Disk =
  typeof ORCHESTRA_FAILPOINTS !== 'undefined' && ORCHESTRA_FAILPOINTS ? failing(systemDisk) : systemDisk;
