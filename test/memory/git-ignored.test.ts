import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createJournals } from '../../src/memory/journals.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { gitIn } from '../harness/git-in.ts';

const folder = temporaryFolders();
const deploymentIn = (dir: string) =>
  createJournals({ dir, clock: stoppedClock(), onProblem: () => undefined }).claim(
    new Date('2026-01-31T14:25:00Z'),
  );

describe('the memory of a clone where nobody ran init', () => {
  it('M1 is left alone by git from its first deployment on, so that branches can be switched', async () => {
    const shop = folder();
    const git = gitIn(shop);
    git.run('init', '--quiet', '--initial-branch', 'main');
    git.write({ 'orchestra.yaml': 'version: 1\n' });
    git.commit('first');
    git.run('branch', 'dev');
    const memory = path.join(shop, 'deployment_memory');
    await deploymentIn(memory);
    const written = ['config.json', 'history/20260131_142500/deployment.json', 'patterns/p.json'];
    git.write(Object.fromEntries(written.map((name) => [`deployment_memory/${name}`, '{}'])));
    expect(git.run('status', '--porcelain')).toBe('');
    git.run('add', '--all');
    git.run('checkout', '--quiet', 'dev');
    for (const name of written) expect(readFileSync(path.join(memory, name), 'utf8')).toBe('{}');
  });

  it('keeps the rules that somebody wrote there', async () => {
    const memory = folder();
    gitIn(memory).write({ '.gitignore': '# mine\n' });
    await deploymentIn(memory);
    expect(readFileSync(path.join(memory, '.gitignore'), 'utf8')).toBe('# mine\n');
  });
});
