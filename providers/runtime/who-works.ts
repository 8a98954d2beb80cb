import type { WorkerKind } from '../../src/domain/actor.ts';
import { safeText } from '../../src/domain/safe-text.ts';

/** Who a process works for, as its environment says. */
export interface WhoWorks {
  kind: Extract<WorkerKind, 'person' | 'agent' | 'ci'>;
  /** Which agent or which CI system. */
  tool?: string;
}

/**
 * What AI agents set for the commands they run. Only what an agent sets itself stands here: what a person configures for one
 * (`GOOSE_PROVIDER`, `AIDER_MODEL`, `EDITOR`) is set in their own shell as well.
 */
const agents: readonly (readonly [tool: string, ...variables: string[]])[] = [
  ['claude', 'CLAUDECODE'],
  ['cursor', 'CURSOR_AGENT'],
  ['gemini', 'GEMINI_CLI'],
  ['codex', 'CODEX_SANDBOX', 'CODEX_SANDBOX_NETWORK_DISABLED', 'CODEX_THREAD_ID'],
  ['copilot', 'COPILOT_AGENT', 'COPILOT_CLI'],
  ['opencode', 'OPENCODE'],
  ['cline', 'CLINE_ACTIVE'],
  ['augment', 'AUGMENT_AGENT'],
  ['goose', 'GOOSE_TERMINAL'],
  ['aider', 'AIDER'],
];

/** What CI systems set, as each documents it. */
const pipelines: readonly (readonly [tool: string, ...variables: string[]])[] = [
  ['github-actions', 'GITHUB_ACTIONS'],
  ['gitlab', 'GITLAB_CI'],
  ['buildkite', 'BUILDKITE'],
  ['jenkins', 'JENKINS_URL'],
  ['circleci', 'CIRCLECI'],
  ['azure-pipelines', 'TF_BUILD'],
  ['bitbucket', 'BITBUCKET_BUILD_NUMBER'],
  ['teamcity', 'TEAMCITY_VERSION'],
  ['travis', 'TRAVIS'],
  ['codebuild', 'CODEBUILD_BUILD_ID'],
  ['drone', 'DRONE'],
  ['semaphore', 'SEMAPHORE'],
  ['appveyor', 'APPVEYOR'],
];

/**
 * A person, an AI agent or a pipeline, from an environment. An agent inside a pipeline is an agent. `AI_AGENT` names any other
 * (the convention of several detection libraries). Pure.
 */
export function whoWorks(environment: Readonly<Record<string, string | undefined>>): WhoWorks {
  const says = (name: string) => {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    return value !== undefined && value !== '' && value !== '0' && value.toLowerCase() !== 'false';
  };
  const found = (table: typeof agents) => table.find(([, ...variables]) => variables.some(says))?.[0];
  const agent = found(agents) ?? (says('AI_AGENT') ? named(environment['AI_AGENT'] ?? '') : undefined);
  if (agent !== undefined) return { kind: 'agent', tool: agent };
  const pipeline = found(pipelines);
  if (pipeline !== undefined) return { kind: 'ci', tool: pipeline };
  return says('CI') ? { kind: 'ci' } : { kind: 'person' };
}

/** `claude-code_2.1.0_cli` and `goose@1.2.3` carry their versions; the name is enough. */
function named(value: string): string {
  const [name = ''] = safeText(value, 60)
    .toLowerCase()
    .split(/[@_\s]/u);
  return name === '' ? 'agent' : name;
}
