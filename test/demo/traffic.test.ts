import { Agent } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nextAsk, sequence } from '../../demo/load/mix.ts';
import { send } from '../../demo/load/send.ts';
import { Tally } from '../../demo/load/tally.ts';
import { candidateOf, failedTests, makeSample, stepsOf, temporaryFolder } from './repository.ts';
import { startShop } from './shop-process.ts';

/** Sends the mix of the demo's users, four at a time, and gives the counts once all was answered. */
async function shopAround(url: URL, requests: number) {
  const agent = new Agent({ keepAlive: true });
  const tally = new Tally();
  const random = sequence(7);
  const done = () => {
    const { answered, failed, byStatus, sent } = tally.second();
    return { sent, open: sent - answered - (failed - (byStatus[500] ?? 0)), failed, byStatus };
  };
  try {
    for (let i = 0; i < requests; i += 4) {
      for (let j = 0; j < 4; j += 1) send(url, agent, nextAsk(random), tally);
      while (done().open > 0) await sleep(1);
    }
    return done();
  } finally {
    agent.destroy();
  }
}

describe('the sample shop under traffic', () => {
  const { folder, remove } = temporaryFolder();
  const v1 = path.join(folder, 'v1');
  const bad = path.join(folder, 'bad');

  beforeAll(() => {
    const shop = makeSample(folder).folder;
    candidateOf(shop, v1, []);
    candidateOf(
      shop,
      bad,
      stepsOf(shop).filter(({ pull }) => pull === 24),
    );
  });
  afterAll(remove);

  it('answers all of its users as version 1', async () => {
    const shop = await startShop(v1, path.join(folder, 'data-v1'));
    try {
      const { failed, byStatus, sent } = await shopAround(shop.url, 400);
      expect(failed).toBe(0);
      expect(byStatus).not.toHaveProperty('404');
      expect(sent).toBeGreaterThanOrEqual(400);
    } finally {
      await shop.stop();
    }
  });

  it('passes its tests with the feature that misbehaves', () => {
    expect(failedTests(bad)).toEqual([]);
  });

  it('fails about a third of its users with that feature, once there are enough of them', async () => {
    const shop = await startShop(bad, path.join(folder, 'data-bad'));
    try {
      const { failed, sent } = await shopAround(shop.url, 400);
      expect(failed / sent).toBeGreaterThan(0.15);
      expect(failed / sent).toBeLessThan(0.45);
      expect((await fetch(new URL('/healthz', shop.url))).status).toBe(200);
    } finally {
      await shop.stop();
    }
  });

  it('T5 serves both versions from one store, each keeping what the other wrote', async () => {
    const data = path.join(folder, 'data-both');
    const old = await startShop(v1, data);
    const young = await startShop(bad, data);
    try {
      const post = (url: URL, at: string, body: object) =>
        fetch(new URL(at, url), { method: 'POST', body: JSON.stringify(body) });
      const asks = Array.from({ length: 40 }, (_, i) =>
        post(i % 2 ? old.url : young.url, `/cart/c${i}/items`, { product: 'soap' }),
      );
      expect((await Promise.all(asks)).map(({ status }) => status)).toEqual(asks.map(() => 200));
      for (let i = 0; i < 40; i += 1) {
        const answer = await fetch(new URL(`/cart/c${i}`, i % 2 ? young.url : old.url));
        expect(await answer.json()).toMatchObject({ lines: [{ product: 'soap', quantity: 1 }] });
      }
    } finally {
      await Promise.all([old.stop(), young.stop()]);
    }
  });
});
