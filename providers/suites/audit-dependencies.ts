import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { installEnvironment } from '../runtime/environment.ts';
import { readCargoAudit, readNpmAudit, readPipAudit, readPnpmAudit, readYarnAudit } from './audit-answers.ts';

/** A registry that answers later is taken for one that does not answer. */
const timeoutMs = 60_000;
const mostOutput = 32 * 1024 * 1024;

interface Tool {
  /** The file by which a project is known to use it. */
  lockfile: string;
  /** What it reads beside that. */
  files: readonly string[];
  argv: readonly [string, ...string[]];
  /** What it found; undefined where it says that it could not look. */
  read: (text: string) => Finding[] | undefined;
}

/** The package managers that can be asked, without anything being installed or run. */
const tools: readonly Tool[] = [
  {
    lockfile: 'package-lock.json',
    files: ['package.json', '.npmrc'],
    argv: ['npm', 'audit', '--json', '--package-lock-only', '--ignore-scripts'],
    read: readNpmAudit,
  },
  {
    lockfile: 'pnpm-lock.yaml',
    files: ['package.json', '.npmrc', 'pnpm-workspace.yaml'],
    argv: ['pnpm', 'audit', '--json'],
    read: readPnpmAudit,
  },
  {
    lockfile: 'yarn.lock',
    files: ['package.json', '.npmrc'],
    argv: ['yarn', 'audit', '--json'],
    read: readYarnAudit,
  },
  {
    lockfile: 'requirements.txt',
    files: [],
    argv: [
      'pip-audit',
      '--requirement',
      'requirements.txt',
      '--disable-pip',
      '--no-deps',
      '--format',
      'json',
    ],
    read: readPipAudit,
  },
  { lockfile: 'Cargo.lock', files: ['Cargo.toml'], argv: ['cargo', 'audit', '--json'], read: readCargoAudit },
];

/**
 * Asks the package manager of a version's lockfile, in a folder that holds that file and what belongs to it alone. What cannot be asked is
 * skipped with the reason; it is never taken for good news.
 */
export async function auditDependencies(
  { git, runner }: { git: Git; runner: Runner },
  sha: string,
  signal?: AbortSignal,
): Promise<{ tool: string; findings: Finding[] } | { skipped: string }> {
  const names = (await git.text(['ls-tree', '--name-only', '-z', sha])).split('\0');
  const tool = tools.find(({ lockfile }) => names.includes(lockfile));
  if (!tool)
    return { skipped: `no lockfile that can be asked about: ${tools.map((t) => t.lockfile).join(', ')}` };
  const called = tool.argv.slice(0, tool.argv[0] === 'pip-audit' ? 1 : 2).join(' ');
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-audit-'));
  try {
    for (const name of [tool.lockfile, ...tool.files]) {
      if (!names.includes(name)) continue;
      const { stdout } = await git.run(['cat-file', 'blob', `${sha}:${name}`]);
      await writeFile(join(folder, name), stdout, { mode: 0o600 });
    }
    let text = '';
    const result = await runner.program(tool.argv, {
      cwd: folder,
      env: installEnvironment(process.env),
      timeoutMs,
      onErrorOutput: () => undefined,
      onOutput: (chunk) => {
        if (text.length < mostOutput) text += chunk.toString('utf8');
      },
      ...(signal && { signal }),
    });
    signal?.throwIfAborted();
    if (result.exitCode === 127) return { skipped: `${tool.argv[0]} is not installed here` };
    if (result.timedOut) return { skipped: `${called} did not answer in ${timeoutMs / 1000} seconds` };
    const findings = tool.read(text);
    if (!findings)
      return {
        skipped: safeText(
          `${called} could not ask: exit code ${result.exitCode}; without a network nothing is known`,
          300,
        ),
      };
    return { tool: called, findings };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
