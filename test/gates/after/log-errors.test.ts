import { describe, expect, it } from 'vitest';
import { logErrors } from '../../../src/gates/after/log-errors.ts';
import { rolledOut, version } from '../../harness/rolled-out.ts';
import { World } from '../../harness/world.ts';

function look(own: string | undefined, before = '', first = false) {
  const { platform } = new World().conductor();
  const silent = { ...platform };
  delete silent.logs;
  return logErrors.look(
    rolledOut({
      change: (d) => (first ? { ...d, stable: null } : d),
      running: {
        platform:
          own === undefined
            ? silent
            : {
                ...platform,
                logs: async (_key, sha) => [{ text: sha === version.sha ? own : before, roots: [] }],
              },
      },
    }),
  );
}

describe('the gate of the log', () => {
  it('G3 passes where nothing in it names an error', async () => {
    expect(await look('listening on 4001\nGET / 200\n')).toEqual({
      status: 'passed',
      detail: 'no line of its log names an error',
    });
  });

  it('G3 passes where stable’s log shows the same kinds, whatever their numbers', async () => {
    expect(
      await look(
        '2026-11-22 ERROR order 4711 not found\n'.repeat(9),
        '2026-11-20 ERROR order 12 not found\n',
      ),
    ).toMatchObject({ status: 'passed', detail: expect.stringContaining('all of them in stable’s too') });
  });

  it('G3 fails where a kind is new, and names the most frequent first', async () => {
    expect(
      await look(
        `ERROR cache is cold\nTypeError: basket is undefined\n    at load (/srv/cart.js:8:2)\n${'ERROR disk is full\n'.repeat(3)}`,
        'ERROR cache is cold\n',
      ),
    ).toMatchObject({
      status: 'failed',
      detail:
        '2 kinds of errors that stable’s log does not show: 3× ERROR disk is full; 1× TypeError: basket is undefined',
    });
  });

  it('shows no secret and no escape of what it quotes', async () => {
    const { detail } = await look('ERROR \u001B[31mpassword=hunter22 for ana@example.org\u0007\n');
    expect(detail).not.toMatch(/hunter22|ana@example|\u001B|\u0007/u);
  });

  it('is skipped where no log can be read, and where there is nothing to compare with', async () => {
    expect(await look(undefined)).toMatchObject({ status: 'skipped' });
    expect(await look('ERROR x\n', '', true)).toMatchObject({ status: 'skipped' });
  });
});
