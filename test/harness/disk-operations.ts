/** A number of a file or folder, as file systems have it: names come and go, this stays. */
export type Ino = number;

/** What was done to the disk, in order: data and names apart, as disks write them. */
export type Operation =
  | { does: 'write'; file: Ino; at: number; bytes: Buffer }
  | { does: 'truncate'; file: Ino; length: number }
  | { does: 'sync'; file: Ino }
  | { does: 'name'; folder: Ino; name: string; ino: Ino; isFolder: boolean }
  | { does: 'forget'; folder: Ino; name: string; ino: Ino }
  | { does: 'move'; from: Ino; name: string; to: Ino; newName: string; ino: Ino; isFolder: boolean }
  | { does: 'sync-folder'; folder: Ino };

/** A file as it is. */
export interface File {
  kind: 'file';
  bytes: Buffer;
  changed: bigint;
}
/** A folder as it is. */
export interface Folder {
  kind: 'folder';
  names: Map<string, Ino>;
  changed: bigint;
}

/** Does an operation to what is there. */
export function apply(nodes: Map<Ino, File | Folder>, operation: Operation, time: bigint): void {
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

/** A folder with nothing in it. */
export function newFolder(): Folder {
  return { kind: 'folder', names: new Map(), changed: 0n };
}
