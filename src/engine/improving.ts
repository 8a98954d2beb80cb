import { createHash } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { FoundImprovement, Improvement, Improvements } from '../domain/improvement.ts';
import { type DiffLine, diffText, lineDiff } from '../domain/line-diff.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import { withoutSecrets } from '../domain/without-secrets.ts';
import { findImprovements } from '../learning/improvements/find.ts';
import { type DeploymentProcess, processOf } from '../learning/improvements/process-facts.ts';
import type { Memory } from '../ports/memory.ts';
import type { SettingsFile } from '../ports/settings-file.ts';
import { type AuditingPorts, audited } from './auditing.ts';
import { diffSettings } from './settings-diff.ts';

/** What was written into `orchestra.yaml`. */
export interface Applied {
  improvement: string;
  /** What it changed. */
  diff: DiffLine[];
  /** SHA-256 of the file before and after. */
  before: string;
  after: string;
}

/** What past deployments say could be done better, and doing it. */
export interface Improving {
  /** Found from the newest deployments, each with what applying it would do to `orchestra.yaml`. Throws as `settings`. */
  improvements(request?: { environment?: string; signal?: AbortSignal }): Promise<Improvements>;
  /**
   * Writes one of them into `orchestra.yaml`; `hash` is that of the file it was shown for. Throws `unknown-improvement` (2),
   * `cannot-edit` (78), `settings-changed` (4), `io` (74); nothing was written then.
   */
  applyImprovement(request: { id: string; environment?: string; hash: string; by: Actor }): Promise<Applied>;
}

export interface ImprovingPorts extends AuditingPorts {
  memory: Pick<Memory, 'history' | 'record'>;
  settingsFile: SettingsFile;
  /** Suites that this machine runs at once where nothing is set. */
  suitesAtOnce: number;
}

/** The newest deployments that are looked at: enough for a rate, few enough that what was years ago does not speak. */
const newest = 200;

/** What has been read of records stays at hand: a finished deployment does not change any more. */
const kept = 1000;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

/** Finding improvements and applying them. */
export function createImproving(ports: ImprovingPorts): Improving {
  const { memory, settingsFile } = ports;
  const known = new Map<string, DeploymentProcess | undefined>();

  async function processes(environment: string | undefined, signal: AbortSignal | undefined) {
    const rows = (await memory.history())
      .filter((row) => environment === undefined || row.environment === environment)
      .slice(0, newest);
    const read: DeploymentProcess[] = [];
    for (const { id } of rows) {
      if (signal?.aborted) break;
      // One after the other: whoever waits for it looks at something else meanwhile.
      if (!known.has(id)) {
        const record = await memory.record(id);
        known.set(id, record && processOf(record));
      }
      const process = known.get(id);
      if (process) read.push(process);
    }
    for (const old of known.keys()) if (known.size > kept) known.delete(old);
    return read;
  }

  async function found(
    settings: Settings,
    environment: string | undefined,
    signal?: AbortSignal,
  ): Promise<{ looked: number; found: FoundImprovement[] }> {
    const deployments = await processes(environment, signal);
    const environments = Object.keys(settings.environments).filter(
      (name) => environment === undefined || name === environment,
    );
    const { suitesAtOnce } = ports;
    return {
      looked: deployments.length,
      found: findImprovements({ settings, environments, deployments, suitesAtOnce }),
    };
  }

  /** One finding with its change: the file as it would be has to be settings again, and what they loosen is said. */
  async function withChange(one: FoundImprovement, text: string, settings: Settings): Promise<Improvement> {
    if (one.edits.length === 0) return one;
    try {
      const { after, loosened } = await changed(one, text, settings);
      return {
        ...one,
        weakens: [...new Set([...one.weakens, ...loosened])],
        change: { hash: hashOf(text), diff: shown(lineDiff(text, after)) },
      };
    } catch (error) {
      return { ...one, whyNot: safeText(messageOf(error), 300) };
    }
  }

  async function changed(one: FoundImprovement, text: string, settings: Settings) {
    const after = settingsFile.edit(text, one.edits);
    const then = await settingsFile.parse(after);
    const names = one.environment === null ? Object.keys(settings.environments) : [one.environment];
    const loosened = names.flatMap((name) => diffSettings(settings, then, name).settings.loosened);
    return { after, loosened };
  }

  return {
    async improvements({ environment, signal } = {}) {
      const text = await settingsFile.read();
      const settings = await settingsFile.parse(text);
      const all = await found(settings, environment, signal);
      const whyNot = await settingsFile.whyNot();
      const improvements: Improvement[] = [];
      for (const one of all.found) {
        const its = await withChange(one, text, settings);
        improvements.push(its.change && whyNot !== undefined ? { ...its, whyNot } : its);
      }
      return {
        schema: 'orchestra/improvements@1',
        environment: environment ?? null,
        looked: all.looked,
        improvements,
      };
    },

    async applyImprovement({ id, environment, hash, by }) {
      const text = await settingsFile.read();
      const settings = await settingsFile.parse(text);
      const all = await found(settings, environment);
      const one = all.found.find((other) => other.id === id);
      if (!one) throw unknownImprovement(id, all.found);
      if (hashOf(text) !== hash)
        throw new OrchestraError('settings-changed', 'orchestra.yaml is not what the change was shown for', {
          exit: exitCode.gateRefused,
          hint: 'Somebody changed it meanwhile; nothing was written. Look again, and decide then.',
        });
      if (one.edits.length === 0)
        throw new OrchestraError('cannot-edit', `no setting does ${one.id} by itself`, {
          exit: exitCode.usage,
          hint: one.suggestion,
        });
      const { after, loosened } = await changed(one, text, settings);
      const diff = shown(lineDiff(text, after));
      const act = {
        action: 'improvement.requested',
        who: by,
        subject: id,
        environment: one.environment ?? undefined,
        details: {
          before: hash,
          weakens: [...one.weakens, ...loosened].join(' ') || undefined,
          change: diffText(diff.filter(({ kind }) => kind === 'gone' || kind === 'new')),
        },
      };
      const applied = { improvement: id, diff, before: hash, after: hashOf(after) };
      return audited(
        ports,
        act,
        async () => {
          await settingsFile.replace(text, after);
          return applied;
        },
        () => ({ details: { after: applied.after } }),
      );
    },
  };
}

/** Lines of the file as anybody may read them: what stands around a change may be a password that somebody wrote down. */
function shown(diff: readonly DiffLine[]): DiffLine[] {
  return diff.map(({ kind, text }) => ({ kind, text: withoutSecrets(text) }));
}

function unknownImprovement(id: string, found: readonly FoundImprovement[]): OrchestraError {
  const ids = found.map((one) => one.id);
  return new OrchestraError(
    'unknown-improvement',
    `nothing found has the id ${safeText(JSON.stringify(id), 100)}`,
    {
      exit: exitCode.usage,
      hint: ids.length === 0 ? 'nothing was found at all' : `there are: ${ids.join(', ')}`,
    },
  );
}
