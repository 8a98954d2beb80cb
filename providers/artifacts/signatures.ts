import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import type { SigningPlan } from '../../src/domain/artifact.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { SignatureFinding } from '../../src/ports/artifacts.ts';
import type { RunResult, Runner } from '../../src/ports/runner.ts';
import { ifMissing } from '../runtime/errno.ts';

/** What a signature is for: one that was made for mail, commits or anything else is none of an artifact. */
const namespace = 'orchestra-artifact';
/** A key that waits for a touch gets this long; nobody sees that it waits. */
const timeoutMs = 30_000;
const mostBytes = 64 * 1024;

/** What is signed: which artifact, and what the signer says of when and who. */
const statementSchema = z.object({
  schema: z.literal('orchestra/artifact-signature@1'),
  artifact: z.string(),
  signedAt: z.iso.datetime(),
  by: z.string(),
});

const signatureFileSchema = z.object({
  format: z.enum(['ssh', 'command']),
  /** The very bytes that were signed. */
  statement: z.string(),
  /** What the signing program gave, in base64. */
  signature: z.string(),
});

export interface Signed {
  text: string;
  format: 'ssh' | 'command';
  at: string;
}

export interface Signatures {
  /** Signs an artifact's digest; why not, in words, where it cannot. Never throws but for an aborted signal. */
  sign(
    digest: string,
    by: string,
    signing: SigningPlan,
    signal?: AbortSignal,
  ): Promise<Signed | { unsigned: string }>;
  verify(
    digest: string,
    file: Buffer,
    signing: SigningPlan,
    signers: readonly string[],
    signal?: AbortSignal,
  ): Promise<SignatureFinding>;
}

/**
 * Signs and verifies with ssh keys by `ssh-keygen(1)`, or by a program of the user's own. Keys are read by those programs alone;
 * `root` is what relative paths are below.
 */
export function createSignatures({
  runner,
  root,
  now,
  environment,
}: {
  runner: Runner;
  root: string;
  now: () => Date;
  environment: Readonly<Record<string, string | undefined>>;
}): Signatures {
  const pathOf = (path: string) =>
    path.startsWith('~/') ? join(homedir(), path.slice(2)) : isAbsolute(path) ? path : resolve(root, path);

  /** No terminal, no window: a key that asks for its passphrase fails at once. */
  const quiet = () => {
    const env: Record<string, string> = { LC_ALL: 'C', SSH_ASKPASS_REQUIRE: 'never' };
    for (const name of ['PATH', 'HOME', 'USER', 'SSH_AUTH_SOCK', 'TMPDIR']) {
      const value = environment[name];
      if (value !== undefined) env[name] = value;
    }
    return env;
  };

  /** A program of the user's own may need what it finds its identity by. */
  const own = () => {
    const env: Record<string, string> = {};
    for (const [name, value] of Object.entries(environment)) if (value !== undefined) env[name] = value;
    return env;
  };

  async function run(
    argv: readonly [string, ...string[]],
    env: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<RunResult & { said: string }> {
    let said = '';
    const result = await runner.program(argv, {
      cwd: root,
      env,
      timeoutMs,
      ...(signal ? { signal } : {}),
      onOutput: (chunk) => {
        if (said.length < mostBytes) said += chunk.toString('utf8');
      },
    });
    signal?.throwIfAborted();
    return { ...result, said };
  }

  const why = ({ said, timedOut, exitCode }: RunResult & { said: string }, what: string) => {
    const line = said.trim().split('\n').at(-1) ?? '';
    if (timedOut) return `${what} gave no answer within ${timeoutMs / 1000} s`;
    return safeText(`${what} ${line === '' ? `ended with exit code ${exitCode}` : `said: ${line}`}`, 300);
  };

  async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'orchestra-signature-'));
    try {
      return await work(folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function signBySsh(
    folder: string,
    statement: string,
    key: string,
    signal: AbortSignal | undefined,
  ): Promise<Buffer | { unsigned: string }> {
    // Git takes the public key itself too, for an agent to sign with.
    const literal = /^(?:key::)?((?:ssh|ecdsa|sk)-\S+ .+)$/.exec(key)?.[1];
    const file = literal === undefined ? pathOf(key) : join(folder, 'key.pub');
    if (literal !== undefined) await writeFile(file, `${literal}\n`, { mode: 0o600 });
    const ran = await run(
      ['ssh-keygen', '-Y', 'sign', '-q', '-f', file, '-n', namespace, statement],
      quiet(),
      signal,
    );
    const made = await readFile(`${statement}.sig`).catch(ifMissing(undefined));
    return ran.exitCode === 0 && made ? made : { unsigned: why(ran, 'ssh-keygen') };
  }

  async function verifyBySsh(
    files: { statement: string; signature: string },
    allowed: string,
    signers: readonly string[],
    signal: AbortSignal | undefined,
  ): Promise<{ principal: string; key: string } | { bad: string }> {
    const found = await run(
      ['ssh-keygen', '-Y', 'find-principals', '-s', files.signature, '-f', allowed],
      quiet(),
      signal,
    );
    if (found.exitCode !== 0) return { bad: 'nobody among the allowed signers has the key it was made with' };
    const principals = found.said.split(/[\r\n,]+/).filter((name) => name !== '');
    const wanted = principals.filter((name) => signers.length === 0 || signers.includes(name));
    const [first = ''] = principals;
    if (wanted.length === 0) return { bad: `${safeText(first, 100)} is not among its signers here` };
    let last = '';
    for (const principal of wanted) {
      // Only the statement's file is read as input; no name of it is part of a command.
      const argv = ['-Y', 'verify', '-f', allowed, '-I', principal, '-n', namespace, '-s', files.signature];
      const verified = await run(
        ['/bin/sh', '-c', 'file=$1; shift; exec ssh-keygen "$@" <"$file"', 'sh', files.statement, ...argv],
        quiet(),
        signal,
      );
      if (verified.exitCode === 0) {
        const key = /with (\S+ key \S+)/.exec(verified.said)?.[1] ?? 'a key it did not name';
        return { principal: safeText(principal, 200), key: safeText(key, 200) };
      }
      last = why(verified, 'ssh-keygen');
    }
    return { bad: last };
  }

  const filled = (argv: readonly string[], statement: string, signature: string) => {
    const [program = '', ...rest] = argv.map((word) =>
      word.replaceAll('{statement}', statement).replaceAll('{signature}', signature),
    );
    return [program, ...rest] as const;
  };

  return {
    async sign(digest, by, signing, signal) {
      const { sshKey, command } = signing;
      if (sshKey === undefined && !command) return { unsigned: 'no signing key is configured' };
      return within(async (folder) => {
        const at = now().toISOString();
        const text = `${JSON.stringify({ schema: 'orchestra/artifact-signature@1', artifact: digest, signedAt: at, by })}\n`;
        const statement = join(folder, 'statement.json');
        await writeFile(statement, text, { mode: 0o600 });
        const format = command ? 'command' : 'ssh';
        let made: Buffer | { unsigned: string };
        if (command) {
          const to = join(folder, 'signature');
          const ran = await run(filled(command.sign, statement, to), own(), signal);
          const bytes = await readFile(to).catch(ifMissing(undefined));
          made =
            ran.exitCode === 0 && bytes ? bytes : { unsigned: why(ran, safeText(command.sign[0] ?? '')) };
        } else made = await signBySsh(folder, statement, sshKey ?? '', signal);
        if ('unsigned' in made) return made;
        const file = { format, statement: text, signature: made.toString('base64') };
        return { text: `${JSON.stringify(file)}\n`, format, at };
      });
    },

    async verify(digest, bytes, signing, signers, signal) {
      const bad = (text: string): SignatureFinding => ({ kind: 'bad', why: text });
      const file = parsed(signatureFileSchema, bytes.toString('utf8'));
      if (!file) return bad('it is no signature that this version reads');
      const statement = parsed(statementSchema, file.statement);
      if (!statement) return bad('what was signed is no statement about an artifact');
      if (statement.artifact !== digest) return bad('it was made for another artifact');
      const { allowedSigners, command } = signing;
      if (file.format === 'ssh' && allowedSigners === undefined)
        return { kind: 'unknown', why: 'nothing says whose keys are believed (signing.allowed_signers)' };
      if (file.format === 'command' && !command)
        return { kind: 'unknown', why: 'no command is configured that could verify it (signing.command)' };
      return within(async (folder): Promise<SignatureFinding> => {
        const files = { statement: join(folder, 'statement.json'), signature: join(folder, 'signature') };
        await writeFile(files.statement, file.statement, { mode: 0o600 });
        await writeFile(files.signature, Buffer.from(file.signature, 'base64'), { mode: 0o600 });
        const at = statement.signedAt;
        if (file.format === 'ssh') {
          const found = await verifyBySsh(files, pathOf(allowedSigners ?? ''), signers, signal);
          return 'bad' in found ? bad(found.bad) : { kind: 'verified', ...found, at };
        }
        const { verify = [], identity = '' } = command ?? {};
        const ran = await run(filled(verify, files.statement, files.signature), own(), signal);
        if (ran.exitCode !== 0) return bad(why(ran, safeText(verify[0] ?? '')));
        if (signers.length > 0 && !signers.includes(identity))
          return bad(`${safeText(identity, 100)} is not among its signers here`);
        return { kind: 'verified', principal: safeText(identity, 200), key: safeText(verify[0] ?? ''), at };
      });
    },
  };
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
