import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A write takes a few milliseconds; who waits this long has met a lock that nobody will give back. */
const patience = 10_000;

/** Makes a file that is whole from its first moment; false where it exists already. */
function create(file, text) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function contentOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Removes the lock of a process that is gone. Only who makes the marker named after that very lock may do it, and
 * only while that lock is still in place: a lock taken in the meantime is never removed.
 */
function breakDead(file) {
  const content = contentOf(file);
  const [pid, token] = content.split(' ');
  if (!token || alive(Number(pid))) return;
  const marker = `${file}.${token}`;
  if (!create(marker, '')) return;
  if (contentOf(file) === content) unlinkSync(file);
  unlinkSync(marker);
}

/** Waits for the lock file and gives the function that releases it. Safe between processes of one machine. */
export async function lock(file) {
  const content = `${process.pid} ${randomUUID()}`;
  const giveUpAt = Date.now() + patience;
  while (!create(file, content)) {
    if (Date.now() > giveUpAt) throw new Error(`${file} has been locked for too long`);
    breakDead(file);
    await sleep(2 + Math.random() * 6);
  }
  return () => unlinkSync(file);
}
