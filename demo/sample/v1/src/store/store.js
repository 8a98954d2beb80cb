import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lock } from './lock.js';

/**
 * The shop's data: one JSON file that any number of servers share. Reads come from memory until the file
 * changes; a write takes the lock, reads afresh, and puts the new file in the old one's place at once.
 * Fields that this version does not know are kept, so an older and a newer server can run side by side.
 */
export function openStore(folder) {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'shop.json');
  let cached = { stamp: '', data: undefined };
  let last = Promise.resolve();

  function load() {
    return JSON.parse(readFileSync(file, 'utf8'));
  }

  function read() {
    const { ino, mtimeMs, size } = statSync(file);
    const stamp = `${ino} ${mtimeMs} ${size}`;
    if (stamp !== cached.stamp) cached = { stamp, data: load() };
    return cached.data;
  }

  async function change(work) {
    const unlock = await lock(`${file}.lock`);
    try {
      const data = existsSync(file) ? load() : {};
      const result = work(data);
      const next = `${file}.${process.pid}.new`;
      writeFileSync(next, `${JSON.stringify(data)}\n`);
      renameSync(next, file);
      return result;
    } finally {
      unlock();
    }
  }

  /** Changes the data and gives what `work` gives; `work` is synchronous, and nothing is written when it throws. */
  function update(work) {
    const result = last.then(() => change(work));
    last = result.catch(() => undefined);
    return result;
  }

  return { read, update, exists: () => existsSync(file) };
}
