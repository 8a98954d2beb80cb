import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach } from 'vitest';

const made = new Set<string>();

// Registered first, and so run last: whatever a test file left is gone when it is over.
afterAll(() => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder of its own below the system's temporary one, its real path; it is removed when the test file is over. */
export function temporaryFolder(prefix = 'orchestra-test-'): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), prefix)));
  made.add(folder);
  return folder;
}

/** Gives fresh folders that are removed after each test; call it once in a test file. */
export function temporaryFolders(): () => string {
  const ofTest: string[] = [];
  afterEach(() => {
    for (const folder of ofTest.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const folder = temporaryFolder();
    ofTest.push(folder);
    return folder;
  };
}
