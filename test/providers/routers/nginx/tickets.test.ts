import { describe, expect, it } from 'vitest';
import { draw } from '../../../../providers/routers/nginx/tickets.ts';

const two = (n: number) => String(n % 100).padStart(2, '0');

describe('nginx’s tickets', () => {
  it.each([0.01, 0.5, 1, 5, 12.5, 33.33, 50, 99, 99.99])('give the candidate %d percent of all', (weight) => {
    const { winners, edge, edgePercent } = draw(weight);
    expect((winners.length + (edge.length * edgePercent) / 100) / 100).toBeCloseTo(weight, 6);
    expect(new Set([...winners, ...edge]).size).toBe(winners.length + edge.length);
  });

  it('are even on a connection that lasts, over new connections, and for every twentieth request', () => {
    const winners = new Set(draw(25).winners);
    const share = (keys: string[]) => keys.filter((key) => winners.has(key)).length / keys.length;
    const hundred = Array.from({ length: 100 }, (_, i) => i);
    expect(share(hundred.map((i) => two(7) + two(i)))).toBe(0.25);
    expect(share(hundred.map((i) => two(i) + two(1)))).toBe(0.25);
    expect(share(hundred.slice(0, 20).map((i) => two(7) + two(i)))).toBeCloseTo(0.25, 5);
    expect(share(hundred.map((i) => two(i) + two(20 * i)))).toBe(0.25);
  });
});
