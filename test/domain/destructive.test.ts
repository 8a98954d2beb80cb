import { describe, expect, it } from 'vitest';
import { destructiveOf, withDestructive } from '../../src/domain/destructive.ts';
import { drive } from '../harness/drive.ts';
import { plan } from '../harness/plan.ts';

const losing = () =>
  drive({ plan: withDestructive(plan(), ['emails: drops column users.email']), through: 'testing' }).until();

describe('T5 a destructive migration', () => {
  it('does not go into production without the word for it, which the journal keeps', () => {
    const waiting = losing().ask({ kind: 'advance', through: 'learning' });
    expect(waiting.last).toMatchObject({
      type: 'command.received',
      refused: expect.stringContaining('drops column users.email'),
    });
    waiting.ask({ kind: 'advance', through: 'learning', allowDestructive: true });
    expect(waiting.d.through).toBe('learning');
    expect(waiting.events.findLast((e) => e.type === 'command.received')).toMatchObject({
      command: { allowDestructive: true },
      by: { name: 'Bo' },
    });
  });

  it('is said among what a person should know before they say yes', () => {
    expect(losing().d.plan.notes.join('\n')).toMatch(
      /takes data away .*drops column users\.email.*--allow-destructive/,
    );
  });

  it('is one only where discovery saw one', () => {
    expect(destructiveOf([])).toEqual([]);
  });
});
