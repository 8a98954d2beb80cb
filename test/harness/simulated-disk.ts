import path from 'node:path';
import { systemError } from '../../providers/runtime/failpoints.ts';
import {
  systemDisk,
  type Disk,
  type FolderEntry,
  type OpenFile,
  type Opening,
} from '../../providers/runtime/disk.ts';
import { apply, newFolder, type File, type Folder, type Ino, type Operation } from './disk-operations.ts';
import { survivors, type Luck } from './power-cut.ts';

const rootIno: Ino = 1;

/**
 * A file system in memory that remembers everything done to it since it was made, and can say what a power cut would leave at
 * any moment of that: `crashed`. The rules are POSIX's, which promise less than any usual file system keeps:
 *
 * - What was written to a file and not synced may be there, be gone, be cut anywhere, or be zeroes in any of its sectors.
 * - A name that was given or taken is sure only after a sync of its folder; before it, each may have happened or not, in any
 *   combination. That a file was synced does not make its name sure.
 * - A rename happens or does not; that of a file to another folder may leave both names, never none. It is sure once the
 *   folder it leads to was synced, and wholly once that it came from was.
 */
export class SimulatedDisk implements Disk {
  readonly operations: Operation[] = [];
  readonly #nodes = new Map<Ino, File | Folder>([[rootIno, newFolder()]]);
  #next: Ino = rootIno + 1;
  #time = 1n;

  /** The parts of a path; the disk's own root is `/`. */
  #walk(place: string): (File | Folder) | undefined {
    let node: File | Folder | undefined = this.#nodes.get(rootIno);
    for (const name of partsOf(place)) {
      if (node?.kind !== 'folder') return node && fail('ENOTDIR', place);
      const ino: Ino | undefined = node.names.get(name);
      node = ino === undefined ? undefined : this.#nodes.get(ino);
      if (!node) return undefined;
    }
    return node;
  }

  #node(place: string): File | Folder {
    return this.#walk(place) ?? fail('ENOENT', place);
  }

  #folder(place: string): Folder {
    const node = this.#node(place);
    return node.kind === 'folder' ? node : fail('ENOTDIR', place);
  }

  #inoOf(place: string): Ino {
    const parts = partsOf(place);
    const name = parts.at(-1);
    if (name === undefined) return rootIno;
    return this.#folder(path.dirname(place)).names.get(name) ?? fail('ENOENT', place);
  }

  /** Remembers an operation and does it. */
  #do(operation: Operation): void {
    this.operations.push(operation);
    apply(this.#nodes, operation, (this.#time += 1n));
  }

  #make(place: string, isFolder: boolean): Ino {
    const folder = this.#inoOf(path.dirname(place));
    this.#folder(path.dirname(place));
    const ino = this.#next++;
    this.#do({ does: 'name', folder, name: path.basename(place), ino, isFolder });
    return ino;
  }

  #file(ino: Ino): File {
    const node = this.#nodes.get(ino);
    return node?.kind === 'file' ? node : fail('EISDIR', String(ino));
  }

  async open(place: string, how: Opening): Promise<OpenFile> {
    const found = this.#walk(place);
    if (found?.kind === 'folder') fail('EISDIR', place);
    if (found && (how === 'new' || how === 'new-append')) fail('EEXIST', place);
    if (!found && (how === 'read' || how === 'change')) fail('ENOENT', place);
    const ino = found ? this.#inoOf(place) : this.#make(place, false);
    let position = 0;
    const appends = how === 'append' || how === 'new-append';
    return {
      read: async (at, length) => Buffer.from(this.#file(ino).bytes.subarray(at, at + length)),
      write: async (data) => {
        const bytes = Buffer.from(data);
        const at = appends ? this.#file(ino).bytes.length : position;
        this.#do({ does: 'write', file: ino, at, bytes });
        position = at + bytes.length;
      },
      sync: async () => this.#do({ does: 'sync', file: ino }),
      datasync: async () => this.#do({ does: 'sync', file: ino }),
      truncate: async (length) => this.#do({ does: 'truncate', file: ino, length }),
      size: async () => this.#file(ino).bytes.length,
      close: async () => undefined,
    };
  }

  async read(place: string): Promise<Buffer> {
    const node = this.#node(place);
    return node.kind === 'file' ? Buffer.from(node.bytes) : fail('EISDIR', place);
  }

  async list(place: string): Promise<FolderEntry[]> {
    return [...this.#folder(place).names].map(([name, ino]) => ({
      name,
      kind: this.#nodes.get(ino)?.kind ?? 'other',
    }));
  }

  async stat(place: string) {
    const node = this.#node(place);
    const size = node.kind === 'file' ? node.bytes.length : node.names.size;
    return {
      ino: BigInt(this.#inoOf(place)),
      size: BigInt(size),
      mtimeNs: node.changed,
      ctimeNs: node.changed,
    };
  }

  async exists(place: string): Promise<boolean> {
    return this.#walk(place) !== undefined;
  }

  async makeFolders(place: string): Promise<string | undefined> {
    let first: string | undefined;
    let at = '/';
    for (const name of partsOf(place)) {
      at = path.join(at, name);
      const found = this.#walk(at);
      if (found?.kind === 'file') fail('ENOTDIR', at);
      if (found) continue;
      this.#make(at, true);
      first ??= at;
    }
    return first;
  }

  async makeFolder(place: string): Promise<void> {
    if (this.#walk(place)) fail('EEXIST', place);
    this.#make(place, true);
  }

  async rename(from: string, to: string): Promise<void> {
    const node = this.#node(from);
    const there = this.#walk(to);
    if (there && there !== node) {
      if (node.kind === 'folder' && there.kind === 'file') fail('ENOTDIR', to);
      if (node.kind === 'file' && there.kind === 'folder') fail('EISDIR', to);
      if (there.kind === 'folder' && there.names.size > 0) fail('ENOTEMPTY', to);
    }
    this.#folder(path.dirname(to));
    this.#do({
      does: 'move',
      from: this.#inoOf(path.dirname(from)),
      name: path.basename(from),
      to: this.#inoOf(path.dirname(to)),
      newName: path.basename(to),
      ino: this.#inoOf(from),
      isFolder: node.kind === 'folder',
    });
  }

  async link(from: string, to: string): Promise<void> {
    const ino = this.#inoOf(from);
    if (this.#walk(to)) fail('EEXIST', to);
    const folder = this.#inoOf(path.dirname(to));
    this.#do({ does: 'name', folder, name: path.basename(to), ino, isFolder: false });
  }

  #forget(place: string): void {
    const folder = this.#inoOf(path.dirname(place));
    this.#do({ does: 'forget', folder, name: path.basename(place), ino: this.#inoOf(place) });
  }

  async unlink(place: string): Promise<void> {
    if (this.#node(place).kind === 'folder') fail('EISDIR', place);
    this.#forget(place);
  }

  async removeFolder(place: string): Promise<void> {
    if (this.#folder(place).names.size > 0) fail('ENOTEMPTY', place);
    this.#forget(place);
  }

  async removeAll(place: string): Promise<void> {
    const node = this.#walk(place);
    if (!node) return;
    if (node.kind === 'folder')
      for (const name of node.names.keys()) await this.removeAll(path.join(place, name));
    this.#forget(place);
  }

  async copy(from: string, to: string): Promise<void> {
    const bytes = await this.read(from);
    const ino = this.#walk(to) ? this.#inoOf(to) : this.#make(to, false);
    this.#do({ does: 'truncate', file: ino, length: 0 });
    this.#do({ does: 'write', file: ino, at: 0, bytes });
  }

  async touch(place: string): Promise<void> {
    this.#node(place).changed = this.#time += 1n;
  }

  async real(place: string): Promise<string> {
    this.#node(place);
    return path.resolve(place);
  }

  async syncFolder(place: string): Promise<void> {
    this.#folder(place);
    this.#do({ does: 'sync-folder', folder: this.#inoOf(place) });
  }

  /** What is in a real folder, at `place`, all of it synced. */
  static async copied(folder: string, place: string): Promise<SimulatedDisk> {
    const disk = new SimulatedDisk();
    await disk.makeFolders(place);
    const copy = async (from: string, to: string): Promise<void> => {
      for (const { name, kind } of await systemDisk.list(from)) {
        const [source, target] = [path.join(from, name), path.join(to, name)];
        if (kind === 'folder') {
          await disk.makeFolder(target);
          await copy(source, target);
        } else {
          const file = await disk.open(target, 'new');
          await file.write(await systemDisk.read(source));
        }
      }
    };
    await copy(folder, place);
    return disk;
  }

  /** Every path on the disk, folders with `/` at their end. */
  paths(): string[] {
    const found: string[] = [];
    const look = (folder: Folder, at: string) => {
      for (const [name, ino] of folder.names) {
        const node = this.#nodes.get(ino);
        found.push(node?.kind === 'folder' ? `${at}${name}/` : `${at}${name}`);
        if (node?.kind === 'folder') look(node, `${at}${name}/`);
      }
    };
    look(this.#folder('/'), '/');
    return found;
  }

  /** Gives every entry another name where `other` says so: what processes leave behind is a dead one's after a power cut. */
  renameAll(other: (name: string) => string): this {
    for (const node of this.#nodes.values())
      if (node.kind === 'folder')
        node.names = new Map([...node.names].map(([name, ino]) => [other(name), ino]));
    return this;
  }

  /** What a power cut after these operations may leave, by the choices of `random` (numbers from 0 to below 1). */
  static crashed(
    operations: readonly Operation[],
    random: () => number,
    luck: Luck = 'mixed',
  ): SimulatedDisk {
    const disk = new SimulatedDisk();
    const survives = survivors(operations, random, luck);
    for (const operation of survives) apply(disk.#nodes, operation, (disk.#time += 1n));
    for (const operation of operations)
      if (operation.does === 'name') disk.#next = Math.max(disk.#next, operation.ino + 1);
    return disk;
  }
}

function partsOf(place: string): string[] {
  return place.split('/').filter((part) => part !== '');
}

function fail(code: string, place: string): never {
  throw systemError(code, place);
}
