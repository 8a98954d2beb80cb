import { once } from 'node:events';
import { spawn, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Files the commits of a made-up history take turns at, each of this many lines. */
const [files, lines] = [2000, 40];

/**
 * Makes a repository of `commits` commits on one base, as quickly as git can read them: each changes one line of one
 * file and says so conventionally. Gives its folder and the base to `use`, then removes it.
 */
export async function withLongHistory<T>(
  commits: number,
  use: (dir: string, base: string) => Promise<T>,
): Promise<T> {
  const dir = await mkdtemp(path.join(tmpdir(), 'orchestra-history-'));
  try {
    execFileSync('git', ['init', '-q', '--bare', '-b', 'main', dir]);
    const git = spawn('git', ['fast-import', '--quiet', '--force'], {
      cwd: dir,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = once(git, 'exit');
    for (const text of stream(commits)) if (!git.stdin.write(text)) await once(git.stdin, 'drain');
    git.stdin.end();
    await ended;
    return await use(
      dir,
      execFileSync('git', ['rev-list', '--max-parents=0', 'main'], { cwd: dir, encoding: 'utf8' }).trim(),
    );
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function* stream(commits: number): Generator<string> {
  const content = (turn: number, at: number) =>
    Array.from({ length: lines }, (_, i) => (i === at ? `line ${i} turn ${turn}` : `line ${i}`)).join('\n');
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const commit = (n: number, message: string) =>
    `commit refs/heads/main\ncommitter Dev ${n % 9} <dev${n % 9}@example.com> ${1_600_000_000 + n * 60} +0000\n${data(message)}`;
  const name = (n: number) => `src/part${n % 50}/file${n % files}.c`;
  yield commit(0, 'chore: start');
  for (let i = 0; i < files; i++) yield `M 100644 inline ${name(i)}\n${data(content(-1, 0))}`;
  for (let n = 1; n <= commits; n++) {
    yield commit(n, `fix(part${n % 50}): turn ${n}\n\nWhat it did before was wrong for some of them.\n`);
    yield `M 100644 inline ${name(n)}\n${data(content(n, (n * 7) % lines))}`;
  }
}
