import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gitEnvironment, generateSample, type Sample } from '../../demo/sample/generate.ts';

export const source = path.resolve(import.meta.dirname, '../../demo/sample');

const env = {
  ...gitEnvironment(),
  GIT_AUTHOR_NAME: 'Tess',
  GIT_AUTHOR_EMAIL: 'tess@shop.example',
  GIT_AUTHOR_DATE: '2026-11-01T12:00:00Z',
  GIT_COMMITTER_NAME: 'Tess',
  GIT_COMMITTER_EMAIL: 'tess@shop.example',
  GIT_COMMITTER_DATE: '2026-11-01T12:00:00Z',
};

/** A folder of its own below the system's temporary folder, and what removes it. */
export function temporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'orchestra-sample-test-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export function makeSample(folder: string, port = 4810): Sample {
  return generateSample({ folder: path.join(folder, 'shop'), port, source });
}

/** Runs git in a folder; the exit code is an answer where `mayFail` says so. */
export function git(folder: string, args: readonly string[], mayFail = false) {
  const done = spawnSync('git', args, { cwd: folder, env, encoding: 'utf8' });
  if (done.status !== 0 && !mayFail) throw new Error(`git ${args.join(' ')}: ${done.stderr}`);
  return { ok: done.status === 0, text: done.stdout.trimEnd() };
}

/** The first-parent commits of `main..dev`, oldest first, with what they say. */
export function stepsOf(
  folder: string,
): { sha: string; merge: boolean; subject: string; pull: number | undefined }[] {
  const { text } = git(folder, [
    'log',
    '--reverse',
    '--first-parent',
    '--format=%H%x09%P%x09%s',
    'main..dev',
  ]);
  return text.split('\n').map((line) => {
    const [sha = '', parents = '', subject = ''] = line.split('\t');
    const pull = /^Merge pull request #(\d+)|\(#(\d+)\)$/.exec(subject);
    return {
      sha,
      merge: parents.includes(' '),
      subject,
      pull: pull ? Number(pull[1] ?? pull[2]) : undefined,
    };
  });
}

/** A work tree at `main` with those steps picked on top, in order; throws naming the step that does not apply. */
export function candidateOf(
  sample: string,
  folder: string,
  steps: readonly { sha: string; merge: boolean }[],
): void {
  git(sample, ['worktree', 'add', '--quiet', '--force', '--detach', folder, 'main']);
  for (const { sha, merge } of steps) git(folder, ['cherry-pick', ...(merge ? ['-m', '1'] : []), sha]);
}

/** Runs the shop's own suites in a work tree, as its `orchestra.yaml` says; the names of the tests that failed. */
export function failedTests(folder: string): string[] {
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...outer } = process.env;
  const done = spawnSync('sh', ['-c', 'node --test --test-reporter=tap test/*.test.js smoke/*.test.js'], {
    cwd: folder,
    env: outer,
    encoding: 'utf8',
  });
  const failed = [...done.stdout.matchAll(/^ *not ok \d+ - (.+)$/gm)].map(([, name = '']) => name);
  if (done.status !== 0 && failed.length === 0)
    throw new Error(`the suites did not run: ${done.stderr}${done.stdout}`);
  return failed;
}
