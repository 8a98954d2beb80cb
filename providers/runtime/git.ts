import { execa } from 'execa';
import { exitCode, OrchestraError } from '../../src/domain/errors.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Checkout, Git, GitOptions, GitResult } from '../../src/ports/git.ts';
import {
  driverQuery,
  gitEnvironment,
  safeConfiguration,
  withoutAttributes,
  withoutDrivers,
} from './git-environment.ts';
import { locateRepository } from './git-repository.ts';

const configuration = safeConfiguration.flatMap((entry) => ['-c', entry]);

const statusArguments = [
  'status',
  '--porcelain',
  '-z',
  '--untracked-files=no',
  '--no-renames',
  '--ignore-submodules=all',
];

/** What to do about what git says. */
const remedies: readonly [cause: RegExp, remedy: string][] = [
  [
    /lazy fetching disabled|from promisor remote/u,
    'This clone is partial and nothing is fetched unasked: "git fetch --refetch --no-filter" brings the contents it lacks.',
  ],
  [/bad config/u, 'Correct what git names in its configuration, then try again.'],
];

/** Refs longer than this are no names a person gave. */
const longestRef = 1024;

const commandOf = (args: readonly string[]) => args[args[0] === '-c' ? 2 : 0] ?? '';

/**
 * Git in the repository that holds `dir` (a work tree, a linked work tree, a bare repository).
 * Throws `not-a-repository` or `no-git` (both exit 78).
 */
export async function openGit(dir: string): Promise<Git> {
  const environment = gitEnvironment(process.env);
  let drivers: Record<string, string> = {};
  const { root, mainRoot, commonDir, gitDir, bare } = await locateRepository(dir, environment);

  const start = (args: readonly string[], options: GitOptions, buffer: boolean) => {
    const apart = withoutAttributes(commandOf(args), gitDir);
    return execa('git', ['--no-pager', ...configuration, ...args], {
      cwd: apart ? gitDir : root,
      env: { ...environment, ...drivers, ...apart, ...options.env },
      extendEnv: false,
      encoding: 'buffer',
      reject: false,
      stripFinalNewline: false,
      maxBuffer: 1024 ** 3,
      buffer: { stdout: buffer, stderr: true },
      ...(options.input === undefined ? { stdin: 'ignore' as const } : { input: options.input }),
      ...(options.signal ? { cancelSignal: options.signal } : {}),
    });
  };

  const check = (
    args: readonly string[],
    options: GitOptions,
    result: { exitCode?: number | undefined; stderr?: unknown; isCanceled: boolean; message?: string },
  ): { code: number; stderr: string } => {
    options.signal?.throwIfAborted();
    const stderr = result.stderr instanceof Uint8Array ? Buffer.from(result.stderr).toString('utf8') : '';
    const code = result.exitCode;
    if (code !== undefined && (options.accept ?? [0]).includes(code)) return { code, stderr };
    const said = safeText(stderr.trim() || (result.message ?? ''), 600);
    throw new OrchestraError('git', `git ${safeText(commandOf(args), 60)} failed: ${said}`, {
      hint:
        remedies.find(([cause]) => cause.test(stderr))?.[1] ??
        'Run "git fsck" if the repository may be damaged; the arguments are in the details.',
      details: { args: args.map((arg) => safeText(arg, 200)), exitCode: code ?? null },
    });
  };

  const run = async (args: readonly string[], options: GitOptions = {}): Promise<GitResult> => {
    const result = await start(args, options, true);
    const { code, stderr } = check(args, options, result);
    const bytes: unknown = result.stdout;
    return {
      stdout:
        bytes instanceof Uint8Array
          ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
          : Buffer.alloc(0),
      stderr,
      exitCode: code,
    };
  };

  const text = async (args: readonly string[], options?: GitOptions): Promise<string> =>
    (await run(args, options)).stdout.toString('utf8').replace(/\n$/u, '');

  async function* stream(args: readonly string[], options: GitOptions = {}): AsyncIterable<Buffer> {
    const process = start(args, options, false);
    let ended = false;
    try {
      for await (const chunk of process.stdout) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
      ended = true;
    } finally {
      // A reader that leaves early must not leave git blocked on a full pipe.
      if (!ended) process.kill();
      const result = await process;
      if (ended) check(args, options, result);
    }
  }

  const tryResolve = async (ref: string): Promise<string | undefined> => {
    refuseBadRef(ref);
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`];
    const result = await run(args, { accept: [0, 1, 128] });
    const sha = result.stdout.toString('utf8').trim();
    return result.exitCode === 0 && /^[0-9a-f]{40,64}$/u.test(sha) ? sha : undefined;
  };

  const resolve = async (ref: string): Promise<string> => {
    const sha = await tryResolve(ref);
    if (sha !== undefined) return sha;
    throw new OrchestraError(
      'unknown-ref',
      `No revision is called "${safeText(ref, 200)}" in ${safeText(root)}`,
      {
        hint: 'List branches and tags with "git branch -a" and "git tag"; fetch what is only on the remote.',
        exit: exitCode.usage,
        details: { ref: safeText(ref, 200) },
      },
    );
  };

  const checkout = async (): Promise<Checkout> => {
    const [shallow, symbolic, head] = await Promise.all([
      text(['rev-parse', '--is-shallow-repository']),
      run(['symbolic-ref', '--quiet', 'HEAD'], { accept: [0, 1] }),
      tryResolve('HEAD'),
    ]);
    const branch = symbolic.stdout
      .toString('utf8')
      .trim()
      .replace(/^refs\/heads\//u, '');
    const status = bare ? undefined : await run(statusArguments, { accept: [0, 128] });
    return {
      branch: branch || undefined,
      unborn: head === undefined,
      shallow: shallow === 'true',
      bare,
      changedFiles:
        status?.exitCode === 128
          ? undefined
          : (status?.stdout.toString('latin1') ?? '').split('\0').filter(Boolean).length,
    };
  };

  drivers = withoutDrivers(await text(driverQuery, { accept: [0, 1] }));

  return { root, mainRoot, commonDir, run, text, stream, resolve, tryResolve, checkout };
}

/** Throws `bad-ref` (exit 2) for a name git could take for an option, or that no ref can have. */
function refuseBadRef(ref: string): void {
  const why = !ref
    ? 'is empty'
    : ref.startsWith('-')
      ? 'starts with "-", which git would take for an option'
      : /[\0-\x20\x7f]/u.test(ref)
        ? 'contains a control character or a space'
        : ref.length > longestRef
          ? `is longer than ${longestRef} characters`
          : undefined;
  if (why === undefined) return;
  throw new OrchestraError('bad-ref', `The revision "${safeText(ref, 200)}" ${why}`, {
    hint: 'Give a branch, a tag or a commit; a ref with such a name can be reached as refs/heads/… or refs/tags/….',
    exit: exitCode.usage,
    details: { ref: safeText(ref, 200) },
  });
}
