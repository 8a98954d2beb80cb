import path from 'node:path';
import { systemError } from '../../providers/runtime/failpoints.ts';
import {
  systemDisk,
  type Disk,
  type FolderEntry,
  type OpenFile,
  type Opening,
} from '../../providers/runtime/disk.ts';

/** A number of a file or folder, as file systems have it: names come and go, this stays. */
type Ino = number;

/** What was done to the disk, in order: data and names apart, as disks write them. */
export type Operation =
  | { does: 'write'; file: Ino; at: number; bytes: Buffer }
  | { does: 'truncate'; file: Ino; length: number }
  | { does: 'sync'; file: Ino }
  | { does: 'name'; folder: Ino; name: string; ino: Ino; isFolder: boolean }
  | { does: 'forget'; folder: Ino; name: string; ino: Ino }
  | { does: 'move'; from: Ino; name: string; to: Ino; newName: string; ino: Ino; isFolder: boolean }
  | { does: 'sync-folder'; folder: Ino };

interface File {
  kind: 'file';
  bytes: Buffer;
  changed: bigint;
}
interface Folder {
  kind: 'folder';
  names: Map<string, Ino>;
  changed: bigint;
}

const rootIno: Ino = 1;
const sector = 512;

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

/** How what was not synced fares: by chance, all of it gone, all of it there, or as a disk that keeps the order leaves it. */
export type Luck = 'mixed' | 'none' | 'all' | 'in-order';

/** The operations that made it to the disk, torn ones as what is left of them. */
function survivors(operations: readonly Operation[], random: () => number, luck: Luck): Operation[] {
  const fileSynced = new Map<Ino, number>();
  const folderSynced = new Map<Ino, number>();
  for (const [i, operation] of operations.entries()) {
    if (operation.does === 'sync') fileSynced.set(operation.file, i);
    if (operation.does === 'sync-folder') folderSynced.set(operation.folder, i);
  }
  const orderEnds = Math.floor(random() * (operations.length + 1));
  const chance = random();
  const happens = (i: number): boolean =>
    luck === 'all' || (luck === 'in-order' ? i < orderEnds : luck === 'mixed' && random() < chance);
  const sure = (synced: Map<Ino, number>, of: Ino, i: number) => (synced.get(of) ?? -1) > i;

  return operations.flatMap((operation, i): Operation[] => {
    switch (operation.does) {
      case 'write':
        if (sure(fileSynced, operation.file, i) || happens(i)) return [operation];
        return luck === 'none' || random() < 0.5 ? [] : torn(operation, random);
      case 'truncate':
        return sure(fileSynced, operation.file, i) || happens(i) ? [operation] : [];
      case 'name':
      case 'forget':
        return sure(folderSynced, operation.folder, i) || happens(i) ? [operation] : [];
      case 'move': {
        const left = sure(folderSynced, operation.from, i);
        const came = left || sure(folderSynced, operation.to, i) || happens(i);
        if (!came) return [];
        if (left || operation.isFolder || operation.from === operation.to || happens(i)) return [operation];
        const { to: folder, newName: name, ino } = operation;
        return [{ does: 'name', folder, name, ino, isFolder: false }];
      }
      default:
        return [];
    }
  });
}

/** A write of which only the beginning, or some sectors, came to the disk; the others are zeroes or were not reached. */
function torn(write: Extract<Operation, { does: 'write' }>, random: () => number): Operation[] {
  const bytes = Buffer.from(write.bytes);
  if (random() < 0.5) return [{ ...write, bytes: bytes.subarray(0, Math.floor(random() * bytes.length)) }];
  for (let from = 0; from < bytes.length;) {
    const end = Math.min(bytes.length, from + sector - ((write.at + from) % sector));
    if (random() < 0.5) bytes.fill(0, from, end);
    from = end;
  }
  return [{ ...write, bytes }];
}

function apply(nodes: Map<Ino, File | Folder>, operation: Operation, time: bigint): void {
  const folderOf = (ino: Ino): Folder => {
    const node = nodes.get(ino);
    if (node?.kind === 'folder') return node;
    // The name of this folder may have been lost: nobody finds it, and what is in it.
    const made = newFolder();
    nodes.set(ino, made);
    return made;
  };
  const fileOf = (ino: Ino): File => {
    const node = nodes.get(ino);
    if (node?.kind === 'file') return node;
    const made: File = { kind: 'file', bytes: Buffer.alloc(0), changed: time };
    nodes.set(ino, made);
    return made;
  };
  switch (operation.does) {
    case 'write': {
      const file = fileOf(operation.file);
      const end = operation.at + operation.bytes.length;
      const bytes = Buffer.alloc(Math.max(file.bytes.length, end));
      file.bytes.copy(bytes);
      operation.bytes.copy(bytes, operation.at);
      file.bytes = bytes;
      file.changed = time;
      break;
    }
    case 'truncate': {
      const file = fileOf(operation.file);
      const bytes = Buffer.alloc(operation.length);
      file.bytes.copy(bytes, 0, 0, operation.length);
      file.bytes = bytes;
      file.changed = time;
      break;
    }
    case 'name': {
      const folder = folderOf(operation.folder);
      folder.names.set(operation.name, operation.ino);
      folder.changed = time;
      if (operation.isFolder) folderOf(operation.ino);
      else fileOf(operation.ino);
      break;
    }
    case 'forget': {
      const folder = folderOf(operation.folder);
      if (folder.names.get(operation.name) === operation.ino) folder.names.delete(operation.name);
      folder.changed = time;
      break;
    }
    case 'move': {
      const [from, to] = [folderOf(operation.from), folderOf(operation.to)];
      if (from.names.get(operation.name) === operation.ino) from.names.delete(operation.name);
      to.names.set(operation.newName, operation.ino);
      // Nothing else of it may have come to the disk.
      if (operation.isFolder) folderOf(operation.ino);
      else fileOf(operation.ino);
      from.changed = time;
      to.changed = time;
      break;
    }
    case 'sync':
    case 'sync-folder':
      break;
    default:
      operation satisfies never;
  }
}

function newFolder(): Folder {
  return { kind: 'folder', names: new Map(), changed: 0n };
}

function partsOf(place: string): string[] {
  return place.split('/').filter((part) => part !== '');
}

function fail(code: string, place: string): never {
  throw systemError(code, place);
}
