import { describe, it } from 'vitest';
import { expectGolden } from '../harness/screens.ts';
import type { StoryName } from '../harness/stories.ts';
import { uiTerminals } from '../harness/ui-terminal.ts';

/** A picture: its name, the keys that lead to it from the one before, and what shows that it is there. */
type Shot = readonly [name: string, keys: readonly string[], shows: string | RegExp];

/** What each story shows, in the order it is walked through. */
const walks: readonly (readonly [story: StoryName | 'empty' | 'broken', shots: readonly Shot[]])[] = [
  [
    'none',
    [
      ['discovery', [], 'refuse expired tokens'],
      ['help', ['?'], 'Keys'],
      ['detail', ['esc', 'down', 'enter'], /FILES|files/],
      ['selection', ['esc', '2'], /✔ proved/],
      ['staging-empty', ['3'], 'No candidate yet'],
      ['history', ['H'], /1 of 40/],
      ['record', ['down', 'enter'], /outcome/],
      ['analysis', ['esc', 'A'], /▸A/],
      ['environments', ['E'], /▸E/],
      ['dialog', ['5', 'r'], /Roll back\?/],
      ['picker', ['esc', 'T'], /high contrast/],
    ],
  ],
  ['staged', [['staging', ['3'], /guide/]]],
  ['blocked', [['testing', ['4'], /smoke/]]],
  [
    'rolling',
    [
      ['production', ['5'], /25 %/],
      ['log', ['L'], /▸L/],
    ],
  ],
  [
    'rolledBack',
    [
      ['production-rolled-back', ['5'], /rolled back/],
      ['learning', ['6'], /lessons/],
    ],
  ],
  [
    'gated',
    [
      ['production-gates', ['5'], /hardly any request fails/],
      ['testing-gates', ['4', 'down', 'down', 'down', 'down'], /let pass by Ada/],
    ],
  ],
  ['empty', [['discovery-empty', [], /Discovery/]]],
  ['broken', [['error', [], /orchestrate init|orchestra.yaml/]]],
];

const sizes = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

const open = uiTerminals();

describe.each(sizes)('at %i × %i', (cols, rows) => {
  it.each(walks)('every screen is the one that is kept: %s', async (story, shots) => {
    const terminal = open([story], { cols, rows });
    for (const [name, keys, shows] of shots) {
      for (const key of keys) {
        terminal.press(key);
        // An esc that is followed at once is the beginning of a sequence.
        if (key === 'esc') await new Promise((resolve) => setTimeout(resolve, 60));
      }
      await terminal.waitFor(shows);
      await expectGolden(terminal, `${name}-${cols}x${rows}`);
    }
  });
});
