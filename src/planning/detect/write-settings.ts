import { safeText } from '../../domain/safe-text.ts';
import type { Detection, Evidence } from './detection.ts';
import type { SuiteFinding } from './suites/suite-finding.ts';

/** Ports below this need the system's leave to listen on. */
const firstFreePort = 1024;

/** Words that YAML takes for something else than text. */
const meansMore = /^(?:true|false|yes|no|on|off|null|y|n|~)$/i;

/** A text as a YAML scalar: plain where nothing in it can be mistaken, else quoted (JSON is YAML). */
function scalar(text: string): string {
  const plain = /^[A-Za-z./][\w./ @=+-]*[\w/]$/.test(text) && !meansMore.test(text);
  return plain ? text : JSON.stringify(text);
}

/** A name as `orchestra.yaml` wants services to be called. */
export function serviceName(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .replace(/-+$/, '');
  return slug.slice(0, 40) || 'app';
}

function suitesOf({
  suites,
  leftSuites,
  test,
}: Detection): (Omit<SuiteFinding, 'why'> & { why?: Evidence })[] {
  if (suites) return suites;
  return test === undefined || leftSuites ? [] : [{ name: 'unit', kind: 'unit', run: test }];
}

export interface SettingsRequest {
  /** The project's name where its manifest gives none. */
  name: string;
  branches: { production?: string; development?: string };
  detection: Detection & { start: string };
}

/**
 * The text of an `orchestra.yaml` for a project: one service, the production environment, its suite, and beside each
 * choice where it was found. It parses as the settings' schema; what is not known is left to the defaults and said.
 */
export function writeSettings({ name, branches, detection }: SettingsRequest): string {
  const { health, portEnv } = detection;
  const project = detection.name ?? name;
  const lines: string[] = [];
  const comment = (indent: number, text: string) => {
    lines.push(`${' '.repeat(indent)}# ${safeText(text, 200)}`);
  };
  const put = (indent: number, key: string, value?: string) => {
    lines.push(`${' '.repeat(indent)}${key}:${value === undefined ? '' : ` ${value}`}`);
  };
  const gap = () => lines.push('');

  comment(
    0,
    'How Orchestra ships this project. Every key is explained where it stands; what is absent has a default.',
  );
  comment(0, 'See what it means: orchestrate deploy production --dry-run');
  put(0, 'version', '1');
  put(0, 'project', scalar(safeText(project, 100)));
  gap();
  comment(0, `Found: ${detection.stack}`);
  for (const { what, from } of detection.evidence) comment(0, `  ${what} (${from})`);
  gap();

  if (branches.production || branches.development) {
    comment(0, 'What production runs, and where changes wait.');
    put(0, 'branches');
    if (branches.production) put(2, 'production', scalar(branches.production));
    if (branches.development) put(2, 'development', scalar(branches.development));
    gap();
  }

  put(0, 'services');
  put(2, serviceName(project));
  comment(4, 'Shell command lines, run in a clean checkout of each version.');
  for (const kind of ['install', 'build', 'start', 'migrate'] as const) {
    const line = detection[kind];
    if (line === undefined) continue;
    if (kind === 'migrate') {
      comment(
        4,
        'Runs before a version starts, while the one before still serves: it may only add, never take away.',
      );
    }
    put(4, kind, scalar(line));
  }
  if (portEnv.sure) comment(4, 'The variable that tells the application which port to listen on.');
  else {
    comment(
      4,
      'Two versions run side by side during a roll-out, each on a port of its own that it is told by this',
    );
    comment(
      4,
      'variable. No source was found that reads it: make sure that the application listens where it says.',
    );
  }
  put(4, 'port_env', portEnv.name);
  put(4, 'health');
  if (health.guessed) {
    comment(
      6,
      'No health route was found, so the front page is asked. Better: a path that answers 2xx only once the',
    );
    comment(6, 'application can really serve (database reachable, caches ready).');
  } else comment(6, 'Answers 2xx once the application can serve.');
  put(6, 'path', scalar(health.path));
  put(6, 'timeout', '60s');
  gap();

  put(0, 'environments');
  put(2, 'production');
  comment(4, 'Processes of this machine behind a proxy that splits the traffic.');
  put(4, 'platform', 'local');
  comment(4, 'Where users reach it: the proxy listens here, and gives each version a port of its own.');
  if (detection.port < firstFreePort) comment(4, `The project names ${detection.port}, which needs root.`);
  put(4, 'port', String(detection.port < firstFreePort ? 8000 + detection.port : detection.port));
  put(4, 'canary');
  comment(6, 'Percent of the users on the new version, and how long each step is watched.');
  put(6, 'steps', '[5, 25, 50, 100]');
  put(6, 'duration', '5m');
  put(4, 'thresholds');
  comment(6, 'Requests the new version must have answered before its numbers count.');
  put(6, 'minimum_sample', '50');
  comment(6, 'Percent of errors: the first rolls back at once, the second when it lasts for its window.');
  put(6, 'auto_rollback_threshold', '5');
  put(6, 'error_rate', '1');
  put(6, 'error_window', '5m');

  gap();
  const suites = suitesOf(detection);
  if (suites.length === 0) {
    comment(0, 'No test command was found, so nothing is proved before a roll-out. Add one:');
    comment(0, 'suites:');
    comment(0, '  - name: unit');
    comment(0, '    run: the command that tests the project');
  } else {
    comment(0, 'Every suite must pass before a version gets traffic; see docs/suites.md.');
    put(0, 'suites');
  }
  for (const suite of suites) {
    if (suite.why) comment(2, `${suite.why.what} (${suite.why.from})`);
    lines.push(`  - name: ${suite.name}`);
    put(4, 'kind', suite.kind);
    put(4, 'run', scalar(suite.run));
    if (suite.report !== undefined) put(4, 'report', scalar(suite.report));
    put(4, 'timeout', '10m');
  }
  for (const { what, from } of detection.leftSuites ?? []) comment(2, `Not written: ${what} (${from})`);
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
