import { describe, expect, it } from 'vitest';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import { FakeOrchestrator, type FakeOptions } from '../../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../../harness/journal.ts';
import { runCommand } from '../../harness/shell.ts';

const broken = new OrchestraError('bad-config', 'orchestra.yaml:2: \u001b[31mnot YAML', {
  hint: 'mend it',
  exit: exitCode.config,
});

async function ran(args: string[], options: FakeOptions, prepare?: (fake: FakeOrchestrator) => void) {
  const fake = new FakeOrchestrator(options);
  prepare?.(fake);
  return { ...(await runCommand(args, { open: async () => fake })), fake };
}

const rollingOut = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut();

describe('W5 where orchestra.yaml is broken while a deployment runs', () => {
  it.each([['pause'], ['promote'], ['approve']])(
    '`deploy %s --env` reaches it, and says what is wrong',
    async (sub) => {
      const { code, fake, err } = await ran(['deploy', sub, '--env', 'production'], {
        settings: broken,
        running: rollingOut(),
      });
      expect(code).toBe(0);
      expect(fake.asked.map(({ command }) => command)).toEqual([sub]);
      expect(err).toContain('note: orchestra.yaml:2: ');
      expect(err).not.toContain('\u001b');
    },
  );

  it('the one that runs need not be named', async () => {
    const { fake } = await ran(['deploy', 'pause'], { settings: broken, running: rollingOut() });
    expect(fake.asked).toMatchObject([{ command: 'pause' }]);
  });

  it.each([['abort'], ['rollback']])('`deploy %s` takes it back, with one note', async (sub) => {
    const { code, fake, err } = await ran(['deploy', sub, '--env', 'production', '--json'], {
      settings: broken,
      running: rollingOut(),
      onCommand: (_, journal) => {
        journal.finished('rolled_back');
      },
    });
    expect(code).toBe(exitCode.rolledBack);
    expect(fake.asked).toMatchObject([{ command: 'abort' }]);
    expect(err.split('note: orchestra.yaml').length).toBe(2);
  });

  it('an environment in which nothing runs is told by the file alone, and so fails as before', async () => {
    for (const name of ['staging', '../production', '__proto__']) {
      const { code, out } = await ran(['deploy', 'abort', '--env', name, '--json'], {
        settings: broken,
        running: rollingOut(),
      });
      expect(code).toBe(exitCode.config);
      expect(out).toContain('"bad-config"');
    }
  });

  it('a locked environment can be freed', async () => {
    const locked = (fake: FakeOrchestrator) => {
      fake.lock = { kind: 'held', deployment: undefined, owner: 'Ada', since: '2026-01-01', pid: undefined };
    };
    const { code, fake } = await ran(
      ['unlock', '--env', 'production', '--yes'],
      { settings: broken },
      locked,
    );
    expect(code).toBe(0);
    expect(fake.unlocked).toEqual(['production']);
    const hostile = await ran(['unlock', '--env', '../x', '--yes'], { settings: broken }, locked);
    expect(hostile.code).toBe(exitCode.config);
  });
});
