import { Command, CommanderError } from 'commander';
import { exitCode } from '../../domain/errors.ts';
import { analyze, type AnalyzeOptions } from './commands/analyze.ts';
import { deploy, type DeployOptions } from './commands/deploy.ts';
import { eachLink } from './links-named.ts';
import { deployPlan } from './commands/deploy-plan.ts';
import { diff } from './commands/diff.ts';
import { addArtifacts } from './commands/artifact.ts';
import { discover } from './commands/discover.ts';
import { applyImprovement, improve, type ImproveOptions } from './commands/improve.ts';
import { history, type HistoryOptions } from './commands/history.ts';
import { initialise } from './commands/initialise.ts';
import { rest, type RestOptions } from './commands/rest.ts';
import { resume } from './commands/resume.ts';
import { abort, approve, rollback, start, tell, tick, type RunningOptions } from './commands/running.ts';
import { select } from './commands/select.ts';
import { verify } from './commands/verify.ts';
import { signOff } from './commands/sign-off.ts';
import { validate } from './commands/validate.ts';
import { unlock } from './commands/unlock.ts';
import { status } from './commands/status.ts';
import { recoverAndTell, type Context, type GlobalOptions, type Shell } from './context.ts';
import { addEnvironments } from './environment-commands.ts';
import { addUpkeep } from './upkeep-commands.ts';
import { createOutput, reportError, type Output } from './output.ts';

/** Where there is no terminal, each view of the screen is a command. */
const viewsAsLines = `
The screen's views as lines (add --json for programs):
  Discovery discover · Selection select · Production status --monitor · History history
  Staging history ID --paper NAME · Testing history ID --output SUITE · Learning history ID
  Analysis analyze · Environments env list, env show, env compare · Log history ID --events`;

/** Whether lost conductors are started again first; not by the command that is there for those which do not stay. */
type Recovery = 'recover' | 'leave';

type Run = (context: Context) => Promise<number>;

/** The command line: parses `argv` (without node and script), runs one command, gives the exit code. Never throws. */
export async function main(argv: readonly string[], shell: Shell, version: string): Promise<number> {
  let code: number = exitCode.done;
  const program = commands(version, {
    inRepository: async (run, recovery) => {
      code = await runCommand(program.opts<GlobalOptions>(), shell, run, recovery);
    },
    alone: async (run) => {
      const options = program.opts<GlobalOptions>();
      code = await guarded(options, shell, (output) => run(output, options, shell));
    },
  });
  const json = argv.includes('--json');
  program.exitOverride();
  for (const command of everyCommand(program)) {
    command.exitOverride();
    command.configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => (json ? undefined : shell.stderr.write(text)),
    });
  }
  try {
    await program.parseAsync(versionAsked(argv), { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error, createOutput(json, shell));
    if (error.exitCode === 0) return exitCode.done;
    if (json) {
      // Without a command Commander shows its help and says no more.
      const message =
        error.code === 'commander.help' ? 'no command is named' : error.message.replace(/^error: /, '');
      shell.stdout.write(
        `${JSON.stringify({ error: { code: 'usage', message, hint: '`orchestrate --help` lists commands and options' } })}\n`,
      );
    }
    return exitCode.usage;
  }
}

/** Behind `deploy`, `--version` names a revision, so the program's own option has only the short name; first, it means that one. */
function versionAsked(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  return first === '--version' ? ['-V', ...rest] : [...argv];
}

async function runCommand(
  options: GlobalOptions,
  shell: Shell,
  run: Run,
  recovery: Recovery = 'recover',
): Promise<number> {
  return guarded(options, shell, async (output) => {
    const orchestrator = await shell.open(options.C ?? shell.cwd);
    const recovered = recovery === 'recover' ? await recoverAndTell({ orchestrator, output }) : [];
    const code = await run({ orchestrator, output, options, shell, recovered });
    for (const warning of orchestrator.takeWarnings()) output.note(`note: ${warning}`);
    return code;
  });
}

async function guarded(
  options: GlobalOptions,
  shell: Shell,
  work: (output: Output) => Promise<number>,
): Promise<number> {
  const output = createOutput(options.json === true, shell);
  try {
    return await work(output);
  } catch (error) {
    return reportError(error, output);
  }
}

/** How the commands are run: with the engine of a repository, or before there is anything for an engine. */
interface Runners {
  inRepository: (run: Run, recovery?: Recovery) => Promise<void>;
  alone: (run: (output: Output, options: GlobalOptions, shell: Shell) => Promise<number>) => Promise<void>;
}

function commands(version: string, { inRepository: act, alone }: Runners): Command {
  const program = new Command('orchestrate')
    .description(
      'Choose which waiting changes ship, prove it, roll them out a little at a time, take them back in an instant.',
    )
    .version(version, '-V', 'print the version, as --version does')
    .option('-C <dir>', 'run as if started there')
    .option('--json', 'data on stdout as JSON; progress and hints on stderr')
    .option('--no-input', 'never ask')
    .option('--yes', 'answer yes to what would be asked')
    .showHelpAfterError('(orchestrate --help lists commands and options)')
    .addHelpText('after', viewsAsLines);

  program
    .command('discover')
    .description('what waits on the development branch, and what to think of it')
    .option('--base <ref>', 'what production runs')
    .option('--head <ref>', 'where changes wait')
    .action((options: { base?: string; head?: string }) => act((c) => discover(c, options)));

  program
    .command('select')
    .description('close, prove and save a choice: recommended, critical, all, or feature ids')
    .argument('<wanted>', 'recommended | critical | all | ID,ID…')
    .option('--base <ref>', 'what production runs')
    .option('--head <ref>', 'where changes wait')
    .option('--prove', 'prove on the git objects that they hold together')
    .action((wanted: string, options: { base?: string; head?: string; prove?: boolean }) =>
      act((c) => select(c, wanted, options)),
    );

  addDeploy(program, act);

  program
    .command('status')
    .description('what runs and what serves')
    .option('--monitor', 'a line per change, until nothing runs')
    .action((options: { monitor?: boolean }) => act((c) => status(c, options)));

  addHistory(program.command('history'), act);
  addEnvironments(program.command('env'), act);
  addArtifacts(program.command('artifact'), act);

  program
    .command('analyze')
    .description('what past deployments say: trends, calibration, DORA; or one of them judged again')
    .option('--env <name>', 'only this environment')
    .option('--export <format>', 'print all of it: json, csv, md, html')
    .option('--replay <id>', 'judge this deployment again with the present thresholds, or others')
    .option('--thresholds <file>', 'YAML with thresholds and metrics, as an environment has them')
    .action((options: AnalyzeOptions) => act((c) => analyze(c, options)));

  addImprove(program, act);

  program
    .command('resume')
    .description('take unfinished deployments up again')
    .argument('[id]')
    .action((id: string | undefined) => act((c) => resume(c, id)));

  program
    .command('unlock')
    .description('free an environment that nobody stands behind any more; nothing is deleted')
    .option('--env <name>', 'the environment')
    .option('--why <text>', 'a reason for the record')
    .action((options: { env?: string; why?: string }) => act((c) => unlock(c, options), 'leave'));

  addUpkeep(program, act, alone);

  program
    .command('init')
    .description('look at the project and write a commented orchestra.yaml')
    .option('--start <command>', 'the command that starts the application')
    .action((options: { start?: string }) =>
      alone((output, global, shell) => initialise(output, global, shell, options)),
    );

  return program;
}

function addImprove(program: Command, act: (run: Run) => Promise<void>): void {
  const command = program
    .command('improve')
    .description('what past deployments say could be done better, each with its change of orchestra.yaml')
    .option('--env <name>', 'only this environment')
    .action((options: ImproveOptions) => act((c) => improve(c, options)));
  command
    .command('apply')
    .description('write one of them into orchestra.yaml, after showing it')
    .argument('<id>')
    .option('--env <name>', 'only this environment')
    .action((id: string, own: ImproveOptions) =>
      act((c) => applyImprovement(c, id, { ...command.opts<ImproveOptions>(), ...own })),
    );
}

function addDeploy(program: Command, act: (run: Run) => Promise<void>): void {
  const command = program
    .command('deploy')
    .description('plan, prove and roll out; or one of its subcommands')
    .argument('[environment]')
    .option('--env <name>', 'the environment')
    .option('--version <ref>', 'deploy an existing revision')
    .option('--select <wanted>', 'recommended | critical | all | ID,ID…')
    .option('--from <environment>', 'deploy exactly what another environment runs')
    .option('--strategy <name>', 'canary | blue-green | rolling | recreate | ab | feature-flag')
    .option('--dry-run', 'print the plan and do nothing')
    .option('--allow-destructive', 'the word that a destructive migration asks for; recorded')
    .option('--at <when>', 'prepare and test now, roll out then: next-window, or 2026-11-23T09:00')
    .option('--emergency', 'windows and freezes do not hold it up; needs --why, and is recorded')
    .option('--on-merge', 'follow the development branch and deploy each new head')
    .option('--every <time>', 'with --on-merge: how often to look, 15s')
    .option('--override <gate=reason>', 'let a gate pass, with a reason; recorded; repeatable', repeated)
    .option('--detach', 'do not wait for its end')
    .option('--why <text>', 'a reason for the record')
    .option('--change <id>', 'the change request it belongs to; may be said again', eachLink)
    .option('--issue <id>', 'an issue it belongs to; may be said again', eachLink)
    .option('--spec <id>', 'a specification it belongs to; may be said again', eachLink)
    .action((environment: string | undefined, options: DeployOptions) =>
      act((c) => deploy(c, environment, options)),
    );

  const sub = (name: string, description: string) =>
    command
      .command(name)
      .description(description)
      .option('--env <name>', 'the environment')
      .option('--why <text>', 'a reason for the record');

  // Commander gives `--env` to the parent when both know it: read both.
  const both = <T extends RunningOptions>(own: T): T => ({ ...command.opts<T>(), ...own });

  sub('status', 'where the deployment of an environment stands').action((own: RunningOptions) =>
    act((c) => status(c, both(own))),
  );
  sub('plan', 'the deployment plan as of now: ticks, phases, times, who does what')
    .argument('[id]')
    .action((id: string | undefined, own: RunningOptions) => act((c) => deployPlan(c, id, both(own))));
  sub('verify', 'look now at what runs: health, version, errors, latency, log, memory').action(
    (own: RunningOptions) => act((c) => verify(c, both(own))),
  );
  sub('validate', 'how every gate before production stands; starts nothing')
    .argument('[environment]')
    .option('--version <ref>', 'with an existing revision')
    .option('--select <wanted>', 'recommended | critical | all | ID,ID…')
    .option('--from <environment>', 'with exactly what another environment runs')
    .option('--strategy <name>', 'with this strategy')
    .option('--allow-destructive', 'with the word that a destructive migration asks for')
    .option('--override <gate=reason>', 'with a gate let pass; repeatable', repeated)
    .action((environment: string | undefined, own: DeployOptions) =>
      act((c) => validate(c, environment, both(own))),
    );
  sub('sign-off', 'say that a candidate is good in one respect, one of gates.sign_offs')
    .argument('<name>')
    .option('--version <ref>', 'of an existing revision')
    .option('--select <wanted>', 'recommended | critical | all | ID,ID…')
    .option('--from <environment>', 'of exactly what another environment runs')
    .action((name: string, own: DeployOptions) => act((c) => signOff(c, name, both(own))));
  sub('diff', 'what would change there, from commits to schema and API; starts nothing')
    .option('--version <ref>', 'with an existing revision')
    .option('--select <wanted>', 'recommended | critical | all | ID,ID…')
    .action((own: DeployOptions) => act((c) => diff(c, both(own))));
  sub('rest', 'what was taken back, again, without the likely culprit and what needs it')
    .argument('[id]')
    .option('--without <feature>', 'leave this one out too; repeatable', repeated)
    .option('--strategy <name>', 'with this strategy')
    .option('--dry-run', 'print the plan and what stays out; do nothing')
    .option('--allow-destructive', 'the word that a destructive migration asks for; recorded')
    .option('--override <gate=reason>', 'let a gate pass, with a reason; recorded; repeatable', repeated)
    .option('--detach', 'do not wait for its end')
    .action((id: string | undefined, own: RestOptions) => act((c) => rest(c, id, both(own))));
  sub('rollback', 'back to the version before, or to a named one')
    .option('--version <name>', 'the version, deployment id or sha to return to')
    .action((own: RunningOptions & { version?: string }) => act((c) => rollback(c, both(own))));
  sub('promote', 'finish the present phase now')
    .option('--full', 'skip the steps between: all traffic')
    .action((own: RunningOptions & { full?: true }) =>
      act((c) => tell(c, { kind: 'promote', ...(own.full && { full: true }) }, both(own))),
    );
  sub('start', 'start the rollout of what is prepared, or waits for its time')
    .option('--emergency', 'whatever windows and freezes say; needs --why, and is recorded')
    .action((own: RunningOptions & { emergency?: boolean }) => act((c) => start(c, both(own))));
  sub('approve', 'say yes to all traffic, where the environment asks for that').action(
    (own: RunningOptions) => act((c) => approve(c, both(own))),
  );
  sub('reject', 'say no: stable is restored').action((own: RunningOptions) =>
    act((c) => tell(c, { kind: 'reject' }, both(own))),
  );
  sub('pause', 'hold the present phase').action((own: RunningOptions) =>
    act((c) => tell(c, { kind: 'pause' }, both(own))),
  );
  sub('resume', 'go on after a pause').action((own: RunningOptions) =>
    act((c) => tell(c, { kind: 'resume' }, both(own))),
  );
  sub('retry', 'try again what made it pause; what was built, tested and rolled out stays').action(
    (own: RunningOptions) => act((c) => tell(c, { kind: 'retry' }, both(own))),
  );
  sub('tick', 'tick an item of the checklist, by its number in `status`')
    .argument('<item>')
    .option('--undo', 'take the tick away')
    .action((item: string, own: RunningOptions & { undo?: boolean }) => act((c) => tick(c, item, both(own))));
  sub('rerun', 'run a suite once more on the same candidate, before its rollout')
    .argument('<suite>')
    .action((suite: string, own: RunningOptions) => act((c) => tell(c, { kind: 'rerun', suite }, both(own))));
  sub('abort', 'stop and restore stable')
    .option('--force', 'where its conductor does not answer: end that process, then restore stable')
    .action((own: RunningOptions & { force?: true }) => act((c) => abort(c, both(own))));
  addHistory(command.command('history').option('--env <name>', 'the environment'), act, () =>
    command.opts<HistoryOptions>(),
  );
}

/** An option that is given several times keeps all its values. */
const repeated = (value: string, all: string[] = []): string[] => [...all, value];

function addHistory(
  command: Command,
  act: (run: Run) => Promise<void>,
  inherited: () => HistoryOptions = () => ({}),
): void {
  command
    .description('past deployments, newest first; or one, whole')
    .argument('[id]')
    .option('--search <text>', 'in ids, titles, versions and reasons')
    .option('--status <outcome>', 'succeeded | rolled_back | failed | blocked | halted')
    .option('--since <date>', 'started on or after')
    .option('--until <date>', 'started on or before')
    .option('--feature <id>', 'that shipped this feature')
    .option('--export <format>', 'json | csv | md | html; with an ID: html, its report')
    .option('--report', 'with an ID: where its HTML report is')
    .option('--events', 'with an ID: every event it has, also while it runs')
    .option('--paper <name>', 'with an ID: one of its papers, as `TEST_PLAN.md`')
    .option('--output <suite>', 'with an ID: what a suite wrote')
    .action((id: string | undefined, options: HistoryOptions) =>
      act((c) => history(c, id, { ...inherited(), ...options })),
    );
}

function everyCommand(command: Command): Command[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}
