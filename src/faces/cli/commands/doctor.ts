import type { CheckResult, CheckStatus } from '../../../domain/check.ts';
import { counted } from '../../../domain/counted.ts';
import { exitCode } from '../../../domain/errors.ts';
import type { GlobalOptions, Shell } from '../context.ts';
import type { Output } from '../output.ts';

export interface DoctorOptions {
  fix?: true;
  all?: true;
}

const marks: Readonly<Record<CheckStatus, string>> = { passed: '✔', warning: '!', failed: '✘', skipped: '-' };
const words: Readonly<Record<CheckStatus, string>> = {
  passed: 'ok',
  warning: 'warning',
  failed: 'FAILED',
  skipped: 'skipped',
};

/** The parts, in order, by how the checks' ids begin. */
const groups: readonly [string, RegExp][] = [
  ['Programs and repository', /^(node|git|tools)\./],
  ['Configuration and providers', /^(settings|providers)\./],
  ['Memory', /^(memory|audit)\./],
  ['Deployments and environments', /^(deployments|environments)\./],
  ['Disk', /^(state|disk)\./],
];

/** `doctor`: looks at everything and says how to mend each; exit 1 where anything failed. Takes nothing up again. */
export async function doctor(
  output: Output,
  global: GlobalOptions,
  shell: Shell,
  options: DoctorOptions,
): Promise<number> {
  const opened = await shell.openDoctor(global.C ?? shell.cwd);
  const fixed = options.fix === true ? await opened.fix('cli') : undefined;
  const checks = await opened.check({ all: options.all === true });
  output.data({ checks, ...(fixed === undefined ? {} : { fixed }) });
  if (fixed) output.text(fixed.length === 0 ? 'nothing to mend' : fixed.map((line) => `mended: ${line}`));
  output.text(linesOf(checks));
  return checks.some(({ status }) => status === 'failed') ? exitCode.failed : exitCode.done;
}

function linesOf(checks: readonly CheckResult[]): string[] {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const failed = count('failed');
  return [
    ...groups.flatMap(([title, ids]) => {
      const own = checks.filter(({ id }) => ids.test(id));
      return own.length === 0 ? [] : [title, ...own.flatMap(describe), ''];
    }),
    [
      `${counted(checks.length, 'check')}: ${count('passed')} ok`,
      counted(count('warning'), 'warning'),
      `${failed} failed`,
      `${count('skipped')} skipped`,
    ].join(', '),
  ];
}

/** A line a check; where not all is well, a line each for what was found and for how to mend it. */
function describe({ title, status, detail, findings }: CheckResult): string[] {
  const head = `  ${marks[status]} ${words[status].padEnd(7)} ${title}`;
  if (status === 'passed' || status === 'skipped') return [`${head}: ${detail}`];
  return [
    head,
    ...findings
      .filter((finding) => finding.status === 'failed' || finding.status === 'warning')
      .flatMap((finding) => [
        `      ${marks[finding.status]} ${finding.detail}`,
        ...(finding.fix === undefined ? [] : [`        ${finding.fix}`]),
      ]),
  ];
}
