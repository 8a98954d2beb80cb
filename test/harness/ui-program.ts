import { appendFileSync } from 'node:fs';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Orchestrator } from '../../src/engine/orchestrator.ts';
import { startUi } from '../../components/start.ts';
import { personalFile } from '../../providers/runtime/personal-file.ts';
import { FakeOrchestrator, pastDeployments } from './fake-orchestrator.ts';
import { discoveryOf, feature, shopFeatures } from './features.ts';
import { dealt, poisonedEngine } from './hostile.ts';
import { JournalBuilder } from './journal.ts';
import { journals, type StoryName, tell } from './stories.ts';

/** Texts that would take over a terminal that believed them. */
const hostile = [
  '\u001b]0;stolen title\u0007',
  '\u001b[2J\u001b[10;10H',
  '\u009b31m',
  '\u009d0;stolen title\u009c',
  'abc\rdef',
  'nul\0bel\u0007bs\b\b\b',
  '\u202egnp.exe',
  '\u001bP1$r0m\u001b\\',
].map((text, i) =>
  feature(`evil-${i}`, { title: `${text} end`, authors: [text], reason: text, bucket: 'recommended' }),
);

const scenarios: Record<string, () => FakeOrchestrator> = {
  shop: () =>
    new FakeOrchestrator({
      documents: { 'guide.md': ['# Deployment guide', 'Ship with care.'] },
      rows: pastDeployments(40),
      onCommand: (command, journal) => {
        journal.add({
          type: 'command.received',
          request: `r${journal.events.length}`,
          command,
          by: { name: 'Ada', face: 'ui' },
        });
        if (command.kind === 'advance' && command.through === 'testing') journal.tested();
        if (command.kind === 'advance' && command.through === 'learning') journal.rollingOut();
        if (command.kind === 'abort')
          journal.add({ type: 'rollback.started', trigger: 'person', reason: 'Ada asked for it' });
      },
    }),
  many: () => new FakeOrchestrator({ rows: pastDeployments(10_000) }),
  hostile: () => new FakeOrchestrator({ discovery: discoveryOf(hostile), rows: pastDeployments(3) }),
  /** Nothing waits, nothing was ever deployed. */
  empty: () => new FakeOrchestrator({ discovery: discoveryOf([], ['dev holds nothing that main has not.']) }),
  /** There is no configuration, and nothing can be read. */
  broken: () => {
    const problem = new OrchestraError('no-config', 'There is no orchestra.yaml in /shop.', {
      hint: 'orchestrate init writes one.',
    });
    return new FakeOrchestrator({ discovery: problem, settings: problem });
  },
  running: () =>
    new FakeOrchestrator({
      discovery: discoveryOf(shopFeatures()),
      running: new JournalBuilder()
        .requested()
        .staged()
        .advance('testing')
        .tested()
        .advance('learning')
        .rollingOut(1),
    }),
};

/** Where a test reads what the engine was asked for that changes what users get, or ends a deployment: one word a line. */
const asksFile = process.env['ORCHESTRA_ASKS'];
const asked = (word: string) => {
  if (asksFile !== undefined) appendFileSync(asksFile, `${word}\n`);
};

/** Notes what matters of that which `of` is asked for. */
function noted(of: FakeOrchestrator): FakeOrchestrator {
  const deploy = of.deploy.bind(of);
  const rollback = of.rollback.bind(of);
  const unlock = of.unlock.bind(of);
  const command = of.command.bind(of);
  of.deploy = async (request) => {
    if (request.through !== 'staging') asked('deploy');
    return deploy(request);
  };
  of.rollback = async (request) => {
    asked('roll-back');
    return rollback(request);
  };
  of.unlock = async (request) => {
    asked('unlock');
    return unlock(request);
  };
  of.command = async (id, request) => {
    if (request.kind === 'abort') asked('abort');
    if (request.kind === 'advance' && request.through === 'learning') asked('roll-out');
    return command(id, request);
  };
  return of;
}

const isStory = (name: string): name is StoryName => name in journals;

const [scenario = 'shop', trouble, turn] = process.argv.slice(2);
const found = isStory(scenario) ? tell(scenario) : scenarios[scenario]?.();
if (!found) throw new Error(`Unknown scenario ${scenario}; known: ${Object.keys(scenarios).join(', ')}`);
const fake = noted(found);
if (fake.deploy) {
  const deploy = fake.deploy.bind(fake);
  fake.deploy = async (request) => {
    const id = await deploy(request);
    fake.journal?.staged();
    return id;
  };
}
if (trouble === 'crash')
  process.on('SIGUSR2', () =>
    setImmediate(() => {
      throw new Error('out of luck');
    }),
  );
if (trouble === 'reject') process.on('SIGUSR2', () => void Promise.reject(new Error('out of luck')));

const engine: Orchestrator = trouble === 'poisoned' ? poisonedEngine(fake, dealt(Number(turn))) : fake;
// Stories are told at a moment that is always the same.
const told = isStory(scenario) ? { now: () => Date.parse('2026-11-21T10:16:00.000Z') } : {};
// What a person chose is kept where a test says, or nowhere.
const personal = process.env['XDG_CONFIG_HOME'] ? personalFile(process.env) : undefined;
process.exit(await startUi({ load: async () => engine, ...told, ...(personal ? { personal } : {}) }));
