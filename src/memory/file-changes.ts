import { watch } from 'node:fs';

/** Tells `changed` whenever the operating system says that a file was written to; undefined where it cannot. */
export type WatchFile = (file: string, changed: () => void) => { close(): void } | undefined;

/**
 * The system's own word that a file changed. Only a hint: network folders never say so, and the system has a limited number
 * of watches, so whoever waits looks by themselves too. Never throws; a watch that fails later just stops telling.
 */
export const watchFile: WatchFile = (file, changed) => {
  try {
    const watcher = watch(file, { persistent: false }, changed);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
};
