import type { Ino, Operation } from './disk-operations.ts';

/** What a disk writes in one piece, in bytes. */
const sector = 512;

/** How what was not synced fares: by chance, all of it gone, all of it there, or as a disk that keeps the order leaves it. */
export type Luck = 'mixed' | 'none' | 'all' | 'in-order';

/** The operations that made it to the disk, torn ones as what is left of them. */
export function survivors(operations: readonly Operation[], random: () => number, luck: Luck): Operation[] {
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
