import type { WarmStart } from '../../src/domain/risk/warm-start.ts';
import type { Verified } from '../../src/engine/verifying.ts';
import { deploymentReport } from '../../src/planning/papers/html/deployment-report.ts';
import { deploymentPlan } from '../../src/planning/papers/plan/deployment-plan.ts';
import type { Actor } from '../../src/domain/actor.ts';
import type { Backup } from '../../src/domain/backup.ts';
import { choiceOf, type Choice, type SavedSelection } from '../../src/domain/choice.ts';
import type { AuditEntry } from '../../src/domain/audit.ts';
import type { ChainVerdict } from '../../src/domain/audit-chain.ts';
import type { Command } from '../../src/domain/command.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Event } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import type { Discovery, RiskLevel, Selection } from '../../src/domain/feature.ts';
import type { Analysis } from '../../src/domain/analysis.ts';
import type { ExportFormat } from '../../src/domain/history-export.ts';
import type { Improvement, Improvements } from '../../src/domain/improvement.ts';
import type { LearningReport } from '../../src/domain/learning-report.ts';
import { type HistoryRow, type Patterns, patternsSchema } from '../../src/domain/memory.ts';
import type { ChoicesReport } from '../../src/domain/choices-report.ts';
import { choicesReport } from '../../src/learning/choices-report.ts';
import { analyse } from '../../src/learning/analysis/analyse.ts';
import type { CommitNote, DiffRow } from '../../src/domain/feature-diff.ts';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { usualStrategy } from '../../src/domain/usual-strategy.ts';
import type { SuitePasts } from '../../src/domain/suite-past.ts';
import { carryOver } from '../../src/planning/carry-over.ts';
import { activeAgents } from '../../src/domain/agents.ts';
import { attentionOf, type ConductorSeen } from '../../src/domain/attention.ts';
import type {
  Attended,
  CarriedOver,
  ChoicesCleared,
  DeployRequest,
  DiffRequest,
  Draft,
  ForcedEnd,
  LockLook,
  EnvironmentReport,
  EnvironmentsApart,
  EnvironmentState,
  Orchestrator,
  Readable,
  RolloutOptions,
  Wanted,
} from '../../src/engine/orchestrator.ts';
import type { Rest, RestRequest } from '../../src/engine/rest.ts';
import { discoveryOf, shopDiff, shopFeatures } from './features.ts';
import { canaryPlan, JournalBuilder, v1 } from './journal.ts';

export interface FakeOptions {
  /** What was found damaged, and the like. */
  warnings?: string[];
  discovery?: Discovery | Error;
  /** What happens before a discovery is there. */
  discovering?: (progress: (read: number, of: number) => void) => Promise<void>;
  settings?: Error;
  rows?: HistoryRow[];
  environments?: EnvironmentState[];
  reports?: () => EnvironmentReport[];
  apart?: Partial<EnvironmentsApart>;
  /** A journal under way when the screen opens. */
  running?: JournalBuilder;
  documents?: Record<string, string[]>;
  suitePast?: SuitePasts;
  /** Learning reports by deployment, and what was learned so far. */
  learningReports?: Record<string, LearningReport>;
  /** How learning from the git history stands, one look after the other; the last one stays. */
  warmStarts?: WarmStart[];
  patterns?: Patterns;
  /** Past deployments by id, whole; where it is absent, the journal's fold stands for any of them. */
  records?: Record<string, Deployment>;
  saved?: SavedSelection;
  /** What is found that could be done better. */
  improvements?: Improvement[];
  /** The pieces in which any feature's diff comes; `shopDiff` unless said. */
  diff?: (signal?: AbortSignal) => Iterable<readonly DiffRow[]> | AsyncIterable<readonly DiffRow[]>;
  prove?: (selection: Selection, signal?: AbortSignal) => Promise<Selection>;
  /** What commands do to the journal. */
  onCommand?: (command: Command, journal: JournalBuilder) => void;
}

/** An engine for component tests: it plays journals that a test writes, and remembers what it was asked. */
export class FakeOrchestrator implements Orchestrator {
  readonly root = '/shop';
  readonly asked: { command: Command['kind']; id: string }[] = [];
  readonly deployed: DeployRequest[] = [];
  readonly rolledBack: string[] = [];
  readonly applied: string[] = [];
  /** Who had what was learned of choices forgotten. */
  readonly cleared: string[] = [];
  saved: SavedSelection | undefined;
  journal: JournalBuilder | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly options: FakeOptions;

  constructor(options: FakeOptions = {}) {
    this.options = options;
    this.journal = options.running;
    this.saved = options.saved;
  }

  /** Lets followers see what was added to the journal. */
  publish(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  async actor(face: Actor['face']): Promise<Actor> {
    return { name: 'Ada', face };
  }

  async developmentHead(): Promise<{ ref: string; sha: string }> {
    return { ref: 'dev', sha: 'd'.repeat(40) };
  }

  async lastMerge(): Promise<string | undefined> {
    return undefined;
  }

  async settings(): Promise<Settings> {
    if (this.options.settings) throw this.options.settings;
    return settingsSchema.parse({
      version: 1,
      project: 'shop',
      services: { web: { start: 'node server.js' } },
      environments: { production: { port: 8080 } },
    });
  }

  async discover({
    progress = () => undefined,
  }: Parameters<Orchestrator['discover']>[0] = {}): Promise<Discovery> {
    await this.options.discovering?.(progress);
    const { discovery = discoveryOf(shopFeatures()) } = this.options;
    if (discovery instanceof Error) throw discovery;
    return discovery;
  }

  async *discoverJson(): AsyncGenerator<string> {
    yield JSON.stringify(await this.discover());
  }

  close(discovery: Discovery, wanted: Wanted): Selection {
    const start =
      wanted.kind === 'ids'
        ? wanted.ids
        : discovery.features
            .filter(
              (f) =>
                f.bucket === 'must' ||
                wanted.kind === 'all' ||
                (wanted.kind === 'recommended' && f.bucket === 'recommended'),
            )
            .map((f) => f.id);
    const selected = [...start];
    for (const id of selected)
      for (const { id: needed } of discovery.features.find((f) => f.id === id)?.dependsOn ?? [])
        if (!selected.includes(needed)) selected.push(needed);
    const added = selected.filter((id) => !start.includes(id)).map((id) => ({ id, because: ['needed'] }));
    return { schema: 'orchestra/selection@1', selected, added };
  }

  async prove(_: Discovery, selection: Selection, signal?: AbortSignal): Promise<Selection> {
    if (this.options.prove) return this.options.prove(selection, signal);
    return {
      ...selection,
      proof: { ok: true, tree: 'feedbeefcafe', rounds: 1, complement: { ok: true, conflicts: [] } },
    };
  }

  async validate() {
    return [];
  }

  async signOff({ name, by }: Parameters<Orchestrator['signOff']>[0]) {
    return { name, by, tree: 't', at: '2026-01-31T14:25:00.000Z' };
  }

  async savedSelection() {
    return this.saved;
  }

  async saveSelection(selection: SavedSelection): Promise<void> {
    this.saved = selection;
  }

  async takeUp(discovery: Discovery, from: Choice | SavedSelection): Promise<CarriedOver> {
    const choice = 'known' in from ? from : choiceOf(from, discovery);
    return carryOver(discovery, choice, { patches: new Map(), onBase: new Set() });
  }

  async commitNotes(commits: readonly string[]): Promise<readonly CommitNote[]> {
    return commits.map((sha) => ({
      sha,
      author: 'Ada',
      at: '2026-11-20T09:30:00+00:00',
      subject: `subject of ${sha.slice(0, 4)}`,
      body: ['Why it was done.'],
      merge: false,
    }));
  }

  /** Whose diffs were asked for, and which of those were called off before their end. */
  readonly diffed: { commits: readonly string[]; calledOff: boolean }[] = [];

  async *featureDiff(
    { commits }: DiffRequest,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly DiffRow[], undefined> {
    const asked = { commits, calledOff: false };
    this.diffed.push(asked);
    signal?.addEventListener('abort', () => {
      asked.calledOff = true;
    });
    yield* this.options.diff?.(signal) ?? [shopDiff];
  }

  async rolloutOptions({ risk }: { risk: RiskLevel }): Promise<RolloutOptions> {
    const one = (name: string, weights: number[], whyNot?: string) => ({
      name,
      summary: `the way of ${name}`,
      phases: canaryPlan().phases.filter(({ weight }) => weights.includes(weight)),
      takesMs: weights.length * 10_000,
      ...(whyNot === undefined ? {} : { whyNot }),
    });
    return {
      options: [
        one('canary', [5, 25, 50, 100]),
        one('blue-green', [100]),
        one('feature-flag', [], 'production names no flag: add one'),
      ],
      usual: usualStrategy({ environment: undefined, risk }),
      first: false,
    };
  }

  async draft(): Promise<Draft> {
    throw new OrchestraError('not-asked', 'No draft is expected.', { hint: 'None.' });
  }

  /** What of a failed candidate ships again, as a test says; and what was asked for it. */
  resting: ((request: RestRequest) => Rest) | undefined;

  async rest(request: RestRequest): Promise<Rest> {
    if (this.resting) return this.resting(request);
    throw new OrchestraError('not-asked', 'No rest is expected.', { hint: 'None.' });
  }

  async diff(): Promise<never> {
    throw new OrchestraError('not-asked', 'No difference is asked for.', { hint: 'None.' });
  }

  async verify(environment: string): Promise<Verified> {
    return { deployment: '20261121_101500', environment, version: 'v2', checks: [], words: undefined };
  }

  async warmStart(): Promise<WarmStart> {
    const [now, ...later] = this.options.warmStarts ?? [];
    if (later.length > 0) this.options.warmStarts = later;
    return now ?? { state: 'off', done: 0, of: 0 };
  }

  async startWarmStart(): Promise<boolean> {
    return false;
  }

  async learnFromHistory(): Promise<WarmStart> {
    return this.warmStart();
  }

  async verification(): Promise<string | undefined> {
    return undefined;
  }

  async planPaper(id: string): Promise<string> {
    return deploymentPlan(await this.#known(id)).text;
  }

  async reportPage(id: string): Promise<string> {
    return deploymentReport(await this.#known(id), []).text;
  }

  async #known(id: string): Promise<Deployment> {
    const d = await this.get(id);
    if (!d) throw new Error(`there is no deployment ${id}`);
    return d;
  }

  async replay(): Promise<never> {
    throw new OrchestraError('not-asked', 'Nothing is judged again.', { hint: 'None.' });
  }

  async deploy(request: DeployRequest): Promise<string> {
    this.deployed.push(request);
    this.journal = new JournalBuilder().requested({ through: request.through });
    return this.journal.id;
  }

  /** What was shown of the rollbacks that were asked for. */
  readonly shown: (Draft | undefined)[] = [];

  async rollback({ environment }: { environment: string }, draft?: Draft): Promise<string> {
    this.rolledBack.push(environment);
    this.shown.push(draft);
    this.journal = new JournalBuilder('20261121_110000').requested({ kind: 'rollback' });
    return this.journal.id;
  }

  async rollbackDraft({ environment }: { environment: string }): Promise<Draft> {
    return {
      kind: 'rollback',
      environment,
      stable: { sha: '3'.repeat(40), name: 'v3' },
      source: { kind: 'version', ref: v1.name, sha: v1.sha, features: [] },
      features: [],
      plan: canaryPlan({ strategy: 'blue-green' }),
    };
  }

  /** What `lockOf` finds; and the environments that were unlocked. */
  lock: LockLook = { kind: 'free' };
  readonly unlocked: string[] = [];

  async lockOf(): Promise<LockLook> {
    return this.lock;
  }

  async unlock({ environment }: { environment: string }) {
    this.unlocked.push(environment);
    return { environment, deployment: undefined, did: [`${environment} is free.`] };
  }

  async command(id: string, command: Command): Promise<{ refused: string | undefined }> {
    this.asked.push({ command: command.kind, id });
    if (this.journal) this.options.onCommand?.(command, this.journal);
    this.publish();
    return { refused: undefined };
  }

  /** How the conductor is seen; its journal tells the rest. And whom it was ended by force for. */
  conductor: ConductorSeen = { kind: 'here' };
  readonly forced: string[] = [];

  async attend(d: Deployment): Promise<Attended> {
    const now = new Date(d.updatedAt);
    return {
      attention: attentionOf(d, { now, conductor: this.conductor }),
      agents: activeAgents(d, []),
      here: [],
    };
  }

  async recent(_: string, most: number): Promise<Event[]> {
    return (this.journal?.events ?? []).slice(-most);
  }

  async forceEnd({ id }: { id: string }): Promise<ForcedEnd> {
    this.forced.push(id);
    return { id, ended: 4242, seq: this.fold()?.seq ?? 0 };
  }

  private fold(): Deployment | undefined {
    return this.journal?.events.reduce<Deployment | undefined>(evolve, undefined);
  }

  async active(): Promise<Deployment[]> {
    const deployment = this.fold();
    return deployment && deployment.status.kind !== 'finished' ? [deployment] : [];
  }

  async environments(): Promise<EnvironmentState[]> {
    return (
      this.options.environments ?? [
        {
          name: 'production',
          description: 'traffic of the load generator, 200 requests/s',
          url: 'http://127.0.0.1:8080',
          deployed: v1,
          serving: true,
          active: undefined,
        },
      ]
    );
  }

  async reportEnvironments(): Promise<EnvironmentReport[]> {
    const { reports } = this.options;
    if (reports) return reports();
    return (await this.environments()).map((state) => ({
      state,
      lock: this.lock,
      places: [],
      drift: [],
      problems: [],
    }));
  }

  async compareEnvironments(a: string, b: string): Promise<EnvironmentsApart> {
    const states = await this.environments();
    const version = (name: string) => states.find((e) => e.name === name)?.deployed ?? null;
    return {
      a: { environment: a, version: version(a) },
      b: { environment: b, version: version(b) },
      same: false,
      onlyA: [],
      onlyB: [],
      ...this.options.apart,
    };
  }

  async get(id: string): Promise<Deployment | undefined> {
    return this.options.records ? this.options.records[id] : this.fold();
  }

  readonly exported: { rows: readonly HistoryRow[]; format: ExportFormat }[] = [];

  async exportHistory(rows: readonly HistoryRow[], format: ExportFormat): Promise<string> {
    this.exported.push({ rows, format });
    return `/shop/deployment_memory/exports/deployments-20261121_101500.${format}`;
  }

  readonly exportedAnalyses: { analysis: Analysis; format: ExportFormat }[] = [];

  async exportAnalysis(analysis: Analysis, format: ExportFormat): Promise<string> {
    this.exportedAnalyses.push({ analysis, format });
    return `/shop/deployment_memory/exports/analysis-20261121_101500.${format}`;
  }

  async learningReport(id: string): Promise<LearningReport | undefined> {
    return this.options.learningReports?.[id];
  }

  async artifacts(): Promise<never[]> {
    return [];
  }

  async verifyArtifacts(): Promise<never[]> {
    return [];
  }

  async choices(): Promise<ChoicesReport> {
    return choicesReport(
      this.options.patterns ?? patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
      await this.history(),
    );
  }

  async clearChoices({ by }: { by: Actor }): Promise<ChoicesCleared> {
    const { chosen } = this.options.patterns ?? {};
    this.cleared.push(by.name);
    delete this.options.patterns;
    return {
      backup: '/memory/exports/choices-20261121_101520.json',
      deployments: chosen?.deployments.length ?? 0,
      changes: chosen?.decisions.length ?? 0,
    };
  }

  async analysis({ environment }: Parameters<Orchestrator['analysis']>[0] = {}): Promise<Analysis> {
    return analyse(
      {
        rows: await this.history(),
        now: Date.parse('2026-11-21T10:15:20.000Z'),
        ...(environment === undefined ? {} : { environment }),
      },
      this.options.patterns ?? patternsSchema.parse({ schema: 'orchestra/patterns@1' }),
    );
  }

  async improvements({
    environment,
  }: Parameters<Orchestrator['improvements']>[0] = {}): Promise<Improvements> {
    const improvements = (this.options.improvements ?? []).filter(
      (one) => environment === undefined || one.environment === null || one.environment === environment,
    );
    return {
      schema: 'orchestra/improvements@1',
      environment: environment ?? null,
      looked: this.options.rows?.length ?? 0,
      improvements,
    };
  }

  async applyImprovement({ id, hash }: Parameters<Orchestrator['applyImprovement']>[0]) {
    const one = this.options.improvements?.find((other) => other.id === id);
    if (one?.change?.hash !== hash)
      throw new OrchestraError('settings-changed', 'orchestra.yaml changed', { hint: 'look again' });
    this.applied.push(id);
    return { improvement: id, diff: one.change.diff, before: hash, after: '' };
  }

  async *follow(id: string, fromSeq: number, signal?: AbortSignal): AsyncIterable<Event> {
    let at = fromSeq;
    while (!signal?.aborted) {
      const event = this.journal?.id === id ? this.journal.events[at] : undefined;
      if (event) {
        at += 1;
        yield event;
        if (event.type === 'deployment.finished') return;
        continue;
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.waiting.add(wake);
        signal?.addEventListener('abort', wake);
      });
    }
  }

  async read(_: string, what: Readable): Promise<string[]> {
    return this.options.documents?.[what.kind === 'paper' ? what.path : what.suite] ?? [];
  }

  async suitePast(): Promise<SuitePasts> {
    return this.options.suitePast ?? {};
  }

  async history(): Promise<HistoryRow[]> {
    return this.options.rows ?? [];
  }

  audit: readonly AuditEntry[] = [];

  async *auditEntries(): AsyncGenerator<AuditEntry> {
    yield* this.audit;
  }

  async verifyAudit(): Promise<ChainVerdict> {
    return { entries: this.audit.length, problems: [], more: 0, end: 'known' };
  }

  async backups(): Promise<Backup[]> {
    return [];
  }

  async reset(): Promise<never> {
    throw new OrchestraError('not-asked', 'Nothing is reset.', { hint: 'None.' });
  }

  async undoReset(): Promise<never> {
    throw new OrchestraError('not-asked', 'Nothing is brought back.', { hint: 'None.' });
  }

  async recover() {
    return [];
  }

  takeWarnings(): string[] {
    return this.options.warnings?.splice(0) ?? [];
  }
}

/** `n` past deployments, newest first. */
export function pastDeployments(n: number): HistoryRow[] {
  return Array.from({ length: n }, (_, i): HistoryRow => {
    const number = n - i;
    return {
      id: `20260101_${String(number).padStart(6, '0')}`,
      environment: 'production',
      kind: 'deploy',
      outcome: number % 7 === 0 ? 'rolled_back' : 'succeeded',
      reason: 'every phase passed',
      version: `v${number}`,
      candidate: `v${number}`,
      strategy: 'canary',
      features: [{ id: `pr-${number}`, title: `feat: change number ${number} 日本語` }],
      by: 'Ada',
      startedAt: '2026-01-01T00:00:00.000Z',
      durationMs: 61_000,
    };
  });
}
