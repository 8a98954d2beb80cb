import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { endProcesses } from '../../demo/processes.ts';
import { identify, isAlive } from '../../providers/runtime/processes.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { startedProcesses } from '../../demo/started-processes.ts';
import { eventually } from './http.ts';
import { openTerminal, type OpenOptions, type RealTerminal } from './terminal.ts';

/** The repository this test belongs to, with its built programs. */
export const root = path.resolve(import.meta.dirname, '../..');
const program = path.join(root, 'dist', 'bin.js');

/** A line of the product's JSON, as far as journeys look into it. */
export interface Line {
  type?: string;
  seq?: number;
  deployment?: string;
  outcome?: string;
  reason?: string;
  weight?: number;
  [key: string]: unknown;
}

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
  lines: Line[];
}

/** A command that runs; `done` resolves with its exit code (128 + signal when one ended it) once all was read. */
export interface Command {
  pid: number;
  lines: Line[];
  done: Promise<Ran>;
  kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the first JSON line that fits; rejects when the command ends without one. */
  line: (fits: (line: Line) => boolean) => Promise<Line>;
}

const recordSchema = z.object({ pid: z.number(), startTime: z.string() });
const routesSchema = z.looseObject({
  weight: z.number(),
  switched: z.object({ rollout: z.string(), at: z.string() }).nullable(),
});

const signals: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

function isLine(value: unknown): value is Line {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parse(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    return isLine(value) ? value : { notAnObject: text };
  } catch {
    return { notJson: text };
  }
}

/**
 * A repository's life with the built product: its own folder, state directory and processes. Everything it started is
 * ended by `close`, by pid and start time, whatever became of the test.
 */
export class Journey {
  readonly folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'orchestra-journey-')));
  readonly repository: string;
  readonly state = path.join(this.folder, 'state');
  readonly memory: string;
  readonly env: Record<string, string>;
  readonly #terminals: RealTerminal[] = [];
  readonly #started: ProcessIdentity[] = [];

  /** `name` is the repository's folder inside `folder`; it is made by whoever fills it. */
  constructor(name: string, person = 'Ada') {
    this.repository = path.join(this.folder, name);
    this.memory = path.join(this.repository, 'deployment_memory');
    this.env = {
      PATH: process.env['PATH'] ?? '',
      HOME: this.folder,
      LANG: 'C.UTF-8',
      ORCHESTRA_STATE_DIR: this.state,
      // A verifier would stay for a day; its own tests say otherwise.
      ORCHESTRA_VERIFICATION: 'off',
      ORCHESTRA_WARM_START: 'off',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: this.#person(person),
    };
  }

  /** Git's configuration of somebody: deployments are named for it. */
  #person(name: string): string {
    const file = path.join(this.folder, `${name}.gitconfig`);
    writeFileSync(file, `[user]\n\tname = ${name}\n\temail = ${name.toLowerCase()}@example.org\n`);
    return file;
  }

  /** Remembers a process that somebody else started for this journey. */
  remember(pid: number | undefined): void {
    const startTime = pid === undefined ? undefined : identify(pid)?.startTime;
    if (pid !== undefined && startTime !== undefined) this.#started.push({ pid, startTime });
  }

  /** Starts `orchestrate` with these arguments in the repository. */
  start(args: readonly string[], env: Record<string, string> = {}): Command {
    const child = spawn(process.execPath, [program, ...args], {
      cwd: this.repository,
      env: { ...this.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.remember(child.pid);
    const lines: Line[] = [];
    const watchers = new Set<() => void>();
    const tell = () => {
      for (const watcher of watchers) watcher();
    };
    let stdout = '';
    let stderr = '';
    let over = false;
    createInterface({ input: child.stdout }).on('line', (text) => {
      stdout += `${text}\n`;
      lines.push(parse(text));
      tell();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const done = new Promise<Ran>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => {
        over = true;
        tell();
        resolve({ code: code ?? 128 + ((signal && signals[signal]) ?? 0), stdout, stderr, lines });
      });
    });
    return {
      pid: child.pid ?? 0,
      lines,
      done,
      kill: (signal) => void child.kill(signal),
      line: (fits) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const found = lines.find(fits);
            if (!found && !over) return;
            watchers.delete(look);
            if (found) resolve(found);
            else reject(new Error(`it ended without that line:\n${stdout}\n${stderr}`));
          };
          watchers.add(look);
          look();
        }),
    };
  }

  run(...args: string[]): Promise<Ran> {
    return this.start(args).done;
  }

  /** The same repository, used by somebody else. */
  as(person: string): { run: (...args: string[]) => Promise<Ran> } {
    return { run: (...args) => this.start(args, { GIT_CONFIG_GLOBAL: this.#person(person) }).done };
  }

  /** Opens the full-screen UI in a real terminal; a newcomer is shown the tour. */
  openUi({
    newcomer = false,
    ...options
  }: Omit<OpenOptions, 'cwd' | 'env'> & { newcomer?: boolean } = {}): RealTerminal {
    const terminal = openTerminal([program], {
      cols: 120,
      rows: 40,
      // A candidate is built and its suites run before some screens come.
      patienceMs: 45_000,
      ...options,
      cwd: this.repository,
      env: { ...this.env, ...(newcomer && { ORCHESTRA_TOUR: '' }) },
    });
    this.#terminals.push(terminal);
    this.remember(terminal.pid);
    return terminal;
  }

  /** A deployment's events as the journal on the disk has them; a line under way is left out. */
  journal(id: string): Line[] {
    for (const place of ['current', 'history']) {
      try {
        const text = readFileSync(path.join(this.memory, place, id, 'journal.ndjson'), 'utf8');
        return text
          .slice(0, text.lastIndexOf('\n') + 1)
          .split('\n')
          .filter((line) => line !== '')
          .map(parse);
      } catch {
        // It is in the other folder, or just moving there.
      }
    }
    return [];
  }

  /** The process that conducts a deployment now, by its journal; undefined when it has none or it is gone. */
  conductor(id: string): ProcessIdentity | undefined {
    const event = this.journal(id).findLast((line) => line.type === 'conductor.started');
    const { pid, startTime } = event ?? {};
    if (typeof pid !== 'number' || typeof startTime !== 'string') return undefined;
    return isAlive({ pid, startTime }) ? { pid, startTime } : undefined;
  }

  /** The folder of the environment `production` in the state directory. */
  production(): string {
    const [hash = ''] = readdirSync(this.state).filter((name) => /^[0-9a-f]{16}$/.test(name));
    return path.join(this.state, hash, 'env', 'production');
  }

  /** The proxy, by its own record. */
  proxy(): ProcessIdentity {
    return recordSchema.parse(this.#inProduction('proxy.json'));
  }

  /** What the proxy last wrote down: where traffic goes. */
  routes(): z.infer<typeof routesSchema> {
    return routesSchema.parse(this.#inProduction('routes.json'));
  }

  #inProduction(name: string): unknown {
    return JSON.parse(readFileSync(path.join(this.production(), name), 'utf8'));
  }

  /** Every process of this journey that still runs. */
  processes(): ProcessIdentity[] {
    const recorded = startedProcesses({ state: this.state, memory: this.memory });
    return [...recorded, ...this.#started].filter(isAlive);
  }

  /** Ends everything and removes the folder. */
  async close(): Promise<void> {
    for (const terminal of this.#terminals) await terminal.close();
    // A conductor that ends late can have started something: look until nothing is found any more.
    await eventually(async () => {
      const left = this.processes();
      await endProcesses(left, 1500);
      return left.length === 0;
    }, 'every process of the journey has ended');
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Fails unless these are a deployment's events: JSON objects with `seq` from 1 without gaps, the last its end. */
export function endOf(lines: readonly Line[]): Line {
  for (const [i, line] of lines.entries())
    if (line.seq !== i + 1) throw new Error(`event ${i + 1} is ${JSON.stringify(line)}`);
  const last = lines.at(-1);
  if (last?.type !== 'deployment.finished') throw new Error(`the last event is ${JSON.stringify(last)}`);
  return last;
}
