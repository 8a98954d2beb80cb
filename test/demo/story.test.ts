import { describe, expect, it } from 'vitest';
import { placesIn } from '../../demo/places.ts';
import type { Product, Ran } from '../../demo/product.ts';
import { newDoubts, rankOf } from '../../demo/ranking.ts';
import { tellStory } from '../../demo/story.ts';

const pulls = [12, 14, 15, 16, 18, 19, 23, 24, 26, 29, 33];

function feature(pull: number, probability = 0.9, factors: { effect: number; text: string }[] = []) {
  const bucket = probability < 0.7 ? 'not_recommended' : 'recommended';
  const risk = { probability, n: 3, factors };
  return {
    id: `pr-${pull}`,
    title: `feature ${pull}`,
    pullRequest: pull,
    bucket,
    reason: `because ${bucket}`,
    risk,
  };
}

/** What waits; `shipped` are pull requests that do no more. */
const discovery = (last: ReturnType<typeof feature>, ...shipped: number[]): Ran => ({
  exitCode: 0,
  said: '',
  lines: [
    {
      schema: 'orchestra/discovery@1',
      features: [...pulls.filter((pull) => pull !== 24).map((pull) => feature(pull)), last].filter(
        ({ pullRequest }) => !shipped.includes(pullRequest),
      ),
    },
  ],
});

const finished = (exitCode: number, outcome: string): Ran => ({
  exitCode,
  said: '',
  lines: [
    { type: 'stage.started', stage: 'testing' },
    ...(outcome === 'rolled_back'
      ? [{ type: 'culprit.found', culprit: { kind: 'named', reason: 'Likely "feature 24"' } }]
      : []),
    {
      type: 'deployment.finished',
      deployment: '20260101_000000',
      outcome,
      reason: 'so it was',
      version: { sha: 'a', name: 'v' },
    },
  ],
});

/** A command line that gives these answers, one after the other, and remembers what it was asked. */
function answering(...answers: Ran[]) {
  const asked: string[][] = [];
  const product: Product = {
    run: (args) => {
      asked.push([...args]);
      const answer = answers.shift();
      return answer ? Promise.resolve(answer) : Promise.reject(new Error('asked too often'));
    },
    screen: () => Promise.resolve(0),
    interrupt: () => undefined,
  };
  return { product, asked };
}

const doubt = { effect: -0.4, text: 'taken back by the last deployment' };
const places = placesIn('/nowhere');

describe('the headless story', () => {
  it('ends well after a success, a roll-back and the rest of it, and tells what was learned and what differs', async () => {
    const { product, asked } = answering(
      discovery(feature(24)),
      finished(0, 'succeeded'),
      discovery(feature(24)),
      finished(3, 'rolled_back'),
      discovery(feature(24, 0.4, [doubt])),
      finished(0, 'succeeded'),
      discovery(feature(24, 0.4, [doubt]), 26, 29),
    );
    const told = await tellStory(product, places, () => undefined);
    expect(told.ok).toBe(true);
    expect(told.deployments).toMatchObject([
      { outcome: 'succeeded', version: 'v' },
      { outcome: 'rolled_back', reason: 'so it was' },
      { outcome: 'succeeded' },
    ]);
    const summary = told.summary.join('\n');
    expect(summary).toContain('fell in the recommendation');
    expect(summary).toContain(doubt.text);
    expect(summary).toContain('Likely "feature 24"');
    expect(summary).toContain('How it differs: without "feature 24", for what 2 taught');
    expect(asked[1]?.[3]?.split(',')).toHaveLength(8);
    expect(asked[1]?.[3]).not.toContain('pr-24');
    expect(asked[3]?.slice(0, 4)).toEqual(['deploy', 'production', '--select', 'pr-24,pr-26,pr-29']);
    expect(asked[5]?.slice(0, 3)).toEqual(['deploy', 'rest', '20260101_000000']);
  });

  it('says whom to leave out where the product names nobody', async () => {
    const unknown: Ran = {
      exitCode: 2,
      said: '',
      lines: [
        {
          error: { code: 'culprit-unknown', message: 'whom to leave out has to be said', hint: '--without' },
        },
      ],
    };
    const { product, asked } = answering(
      discovery(feature(24)),
      well(),
      discovery(feature(24)),
      back(),
      discovery(feature(24, 0.4, [doubt])),
      unknown,
      well(),
      discovery(feature(24, 0.4, [doubt]), 26, 29),
    );
    expect((await tellStory(product, places, () => undefined)).ok).toBe(true);
    expect(asked[6]).toEqual(expect.arrayContaining(['rest', '--without', 'pr-24']));
  });

  const well = () => finished(0, 'succeeded');
  const back = () => finished(3, 'rolled_back');
  it.each([
    ['the misbehaving feature went through', [well(), well(), well()], [26, 29]],
    ['the good one was taken back', [back(), back(), well()], [26, 29]],
    [
      'the exit code does not say what the events say',
      [well(), finished(0, 'rolled_back'), well()],
      [26, 29],
    ],
    ['the rest was taken back too', [well(), back(), back()], []],
    ['the rest had all of it aboard', [well(), back(), well()], [24, 26, 29]],
  ])('does not end well where %s', async (_, [good, bad, rest], shipped) => {
    const { product } = answering(
      discovery(feature(24)),
      good ?? well(),
      discovery(feature(24)),
      bad ?? well(),
      discovery(feature(24)),
      rest ?? well(),
      discovery(feature(24), ...shipped),
    );
    const told = await tellStory(product, places, () => undefined);
    expect(told.ok).toBe(false);
    expect(told.summary.join('\n')).toContain('did NOT fall');
  });

  it('stops with the words of the product where a deployment never began', async () => {
    const refusal: Ran = {
      exitCode: 5,
      said: '',
      lines: [{ error: { code: 'locked', message: 'production is held by Kim', hint: 'wait' } }],
    };
    const { product } = answering(discovery(feature(24)), refusal);
    await expect(tellStory(product, places, () => undefined)).rejects.toThrow(
      'production is held by Kim (wait)',
    );
  });
});

describe('the ranking', () => {
  it('orders by bucket before probability and leaves out what is shipped', () => {
    const list = [feature(1, 0.75), { ...feature(2, 0.99), onBase: true }, feature(3, 0.9), feature(4, 0.3)];
    expect(rankOf(list, 'pr-1')).toEqual({ rank: 2, of: 3 });
    expect(rankOf(list, 'pr-4')).toEqual({ rank: 3, of: 3 });
  });

  it('names only doubts that are new', () => {
    const old = { effect: -0.1, text: 'large' };
    expect(newDoubts(feature(1, 0.9, [old]), feature(1, 0.4, [old, doubt]))).toEqual([doubt.text]);
  });
});
