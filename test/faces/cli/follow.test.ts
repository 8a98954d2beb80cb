import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import { history } from '../../../src/faces/cli/commands/history.ts';
import { followToEnd } from '../../../src/faces/cli/follow.ts';
import { createOutput } from '../../../src/faces/cli/output.ts';
import { FakeOrchestrator } from '../../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../../harness/journal.ts';
import { quietShell } from '../../harness/shell.ts';

const rollingOut = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut();

const hookFailed: EventBody = {
  type: 'action.finished',
  effect: 'act',
  result: {
    kind: 'hook',
    name: 'before_phase',
    point: 'before-phase',
    phase: 0,
    status: 'failed',
    detail: 'it ended with exit code 1',
    durationMs: 12,
  },
};

async function followed(journal: JournalBuilder): Promise<{ code: number; out: string; notes: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await followToEnd(
    {
      orchestrator: new FakeOrchestrator({ running: journal }),
      output: createOutput(false, { stdout, stderr }),
      shell: { interrupted: new AbortController().signal },
    },
    journal.id,
    0,
    false,
  );
  return { code, out: String(stdout.read() ?? ''), notes: String(stderr.read() ?? '') };
}

describe('one deployment of the past', () => {
  const past = rollingOut().finished('rolled_back');

  async function told(orchestrator: FakeOrchestrator): Promise<string[]> {
    const { shell, told: written } = quietShell({ open: async () => new FakeOrchestrator() });
    const output = createOutput(false, shell);
    await history({ orchestrator, output, options: { input: false }, shell, recovered: [] }, past.id, {});
    return written().out.trim().split('\n');
  }

  it('is told line by line, and not as the record that `--json` gives', async () => {
    const lines = await told(new FakeOrchestrator({ running: past }));
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d 20261121_101500: deploy production/);
    expect(lines).toContainEqual(expect.stringMatching(/ROLLED BACK: every phase passed/));
    expect(lines.at(-1)).toBe(
      'its record and papers are in deployment_memory/history/20261121_101500; with `--export html` all of it is one page',
    );
  });

  it('M1 is told by its record where its journal was damaged', async () => {
    class Damaged extends FakeOrchestrator {
      override async *follow(): ReturnType<FakeOrchestrator['follow']> {
        yield* [];
        throw new OrchestraError('bad-journal', 'the journal of x cannot be read at event 3', { hint: '' });
      }
    }
    const lines = await told(new Damaged({ running: past }));
    expect(lines[0]).toBe(
      'the journal of x cannot be read at event 3; of what happened the record keeps the end:',
    );
    expect(lines[1]).toMatch(/^ROLLED BACK: every phase passed/);
  });
});

describe('following a deployment', () => {
  it('ends a rollback with where to read more, and says nothing more of a success', async () => {
    const back = await followed(rollingOut().finished('rolled_back'));
    expect(back.code).toBe(exitCode.rolledBack);
    expect(back.notes).toBe(`more in deployment_memory/history/20261121_101500/rollback-report.md\n`);
    expect((await followed(rollingOut().finished())).notes).toBe('');
  });

  it('names what answers a pause, and not `resume` where a check or a hook failed', async () => {
    const pause: EventBody = { type: 'deployment.paused', reason: 'it waits' };
    const { code, notes } = await followed(rollingOut().add(pause));
    expect(code).toBe(exitCode.waiting);
    expect(notes).toContain('go on with `orchestrate deploy promote`, `retry`, `resume` or `abort`');
    const held = await followed(rollingOut().add(hookFailed, pause));
    expect(held.notes).toContain(
      'go on with `orchestrate deploy retry`, `promote` (without what failed) or `abort`',
    );
  });

  it('counts commits of a built candidate only', async () => {
    expect((await followed(rollingOut().finished())).out).toContain(', 4 commits');
    const version = { sha: '3'.repeat(40), name: 'main' };
    const named = rollingOut().add({
      type: 'candidate.built',
      effect: 'b',
      version,
      tree: 'c'.repeat(40),
      branch: 'main',
      commits: 0,
    });
    expect((await followed(named.finished())).out).toMatch(/candidate main at 333333333333\n/);
  });
});
