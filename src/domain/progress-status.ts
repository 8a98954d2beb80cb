import type { Progress } from './progress.ts';

/** Text that any monitor can read: ASCII, no quotes or backslashes inside; what is another character becomes `?`. */
function ascii(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[‘’‚′"\\]/gu, "'")
    .replaceAll(/[–—]/gu, '-')
    .replaceAll(/[^\u0020-\u007e]/gu, '?');
}

const quoted = (text: string, max = 300) => {
  const plain = ascii(text);
  return `"${plain.length > max ? `${plain.slice(0, max - 3)}...` : plain}"`;
};

const seconds = (ms: number) => Math.floor(ms / 1000);

/**
 * `progress-status.txt`: the progress document for monitors that read lines. The first word of a line says what it is, the rest
 * is `key=value`, values with spaces in quotes; lines and keys are only ever added. Pure.
 */
export function progressStatus(progress: Progress): string {
  const { tasks, activeAgents, waits, ended, stats } = progress;
  const running = new Set(waits.map(({ deployment }) => deployment));
  const lines = [
    'format=1',
    `updated=${progress.updatedAt}`,
    `state=${progress.state}`,
    `running=${running.size}`,
    `stuck=${waits.filter(({ stuck }) => stuck).length}`,
    `progress=${stats.progress}`,
    ...waits.map((wait) => {
      const own = tasks.filter(({ deployment }) => deployment === wait.deployment);
      const at =
        own.find(({ status }) => status === 'in_progress') ??
        own.findLast(({ status }) => status !== 'pending');
      const all =
        own.length === 0 ? 0 : Math.round(own.reduce((sum, task) => sum + task.progress, 0) / own.length);
      const elapsed = own.reduce((sum, task) => sum + task.elapsedMs, 0);
      return `deployment id=${wait.deployment} environment=${quoted(own[0]?.environment ?? '')} stage=${at?.stage ?? 'none'} progress=${all} elapsed_s=${seconds(elapsed)} stuck=${wait.stuck ? 'yes' : 'no'} waits_for=${wait.kind} for_s=${seconds(wait.forMs)} usual_s=${wait.usualMs === undefined ? 'unknown' : seconds(wait.usualMs)} what=${quoted(wait.what)}${wait.why === undefined ? '' : ` why=${quoted(wait.why)}`}`;
    }),
    ...tasks.map(
      (task) =>
        `task id=${task.id} status=${task.status} progress=${task.progress} elapsed_s=${seconds(task.elapsedMs)} detail=${quoted(task.detail)}`,
    ),
    ...activeAgents.map(
      (agent) =>
        `agent deployment=${agent.deployment} role=${agent.role} kind=${agent.kind} tool=${quoted(agent.tool ?? '')} pid=${agent.pid ?? 'none'} name=${quoted(agent.name)}`,
    ),
    ...ended.map(
      (one) =>
        `ended id=${one.deployment} environment=${quoted(one.environment)} outcome=${one.outcome} at=${ascii(one.at)} took_s=${seconds(one.durationMs)} version=${quoted(one.version?.name ?? '')} reason=${quoted(one.reason)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
