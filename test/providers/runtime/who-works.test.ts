import { describe, expect, it } from 'vitest';
import { whoWorks } from '../../../providers/runtime/who-works.ts';

describe('M10 who works here is seen from the environment', () => {
  it.each([
    [{ CLAUDECODE: '1' }, 'claude'],
    [{ CURSOR_AGENT: '1' }, 'cursor'],
    [{ GEMINI_CLI: '1' }, 'gemini'],
    [{ CODEX_SANDBOX: 'seatbelt' }, 'codex'],
    [{ CODEX_SANDBOX_NETWORK_DISABLED: '1' }, 'codex'],
    [{ COPILOT_AGENT: 'true' }, 'copilot'],
    [{ AIDER: '1' }, 'aider'],
    [{ AI_AGENT: 'goose@1.2.3' }, 'goose'],
    [{ AI_AGENT: 'Claude-Code_2.1.0_cli' }, 'claude-code'],
  ])('an agent by %j', (environment, tool) => {
    expect(whoWorks({ HOME: '/root', ...environment })).toEqual({ kind: 'agent', tool });
  });

  it.each([
    [{ GITHUB_ACTIONS: 'true' }, 'github-actions'],
    [{ GITLAB_CI: 'true' }, 'gitlab'],
    [{ BUILDKITE: 'true' }, 'buildkite'],
    [{ JENKINS_URL: 'https://ci.example.org/' }, 'jenkins'],
  ])('a pipeline by %j', (environment, tool) => {
    expect(whoWorks({ CI: 'true', ...environment })).toEqual({ kind: 'ci', tool });
  });

  it('a pipeline that only says CI has no name', () => {
    expect(whoWorks({ CI: '1' })).toEqual({ kind: 'ci' });
  });

  it('an agent inside a pipeline is an agent', () => {
    expect(whoWorks({ CI: 'true', GITHUB_ACTIONS: 'true', CLAUDECODE: '1' })).toEqual({
      kind: 'agent',
      tool: 'claude',
    });
  });

  it.each([
    {},
    { CI: 'false' },
    { CI: '0' },
    { CLAUDECODE: '' },
    // What a person sets up for an agent does not make them one.
    { GOOSE_PROVIDER: 'x', AIDER_MODEL: 'y', EDITOR: 'devin', CURSOR_TRACE_ID: 'z' },
  ])('whoever has nothing of that is a person: %j', (environment) => {
    expect(whoWorks(environment)).toEqual({ kind: 'person' });
  });

  it('an environment cannot smuggle anything in through the name', () => {
    expect(whoWorks({ AI_AGENT: '\u001b[31mred\u0007' }).tool).toBe('\ufffd[31mred\ufffd');
    expect(whoWorks({ AI_AGENT: 'x'.repeat(5000) }).tool).toHaveLength(60);
    expect(whoWorks(Object.create({ CI: '1' }))).toEqual({ kind: 'person' });
  });
});
