import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gitEnvironment } from './git-environment.ts';

/** Git and files of a folder, with fixed names and dates and nothing of this machine's configuration. */
export function gitIn(folder: string) {
  const run = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: folder,
      env: gitEnvironment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  return {
    run,
    write(files: Record<string, string>) {
      for (const [name, text] of Object.entries(files)) {
        const file = path.join(folder, name);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    },
    commit(message: string) {
      run('add', '-A');
      run('commit', '--quiet', '-m', message);
    },
  };
}
