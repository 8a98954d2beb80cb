import { describe, expect, it } from 'vitest';
import { parseSettings } from '../../src/memory/settings-file.ts';

const parse = (metrics: unknown) =>
  parseSettings(
    JSON.stringify({
      version: 1,
      project: 'shop',
      services: { web: { start: 'node server.js' } },
      environments: { production: { port: 8080, metrics } },
    }),
    'orchestra.yaml',
  );
const refusal = (metric: unknown): string => {
  try {
    parse([metric]);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'accepted';
};

const orders = { name: 'orders', source: 'command', run: ['./orders'], compare: 'baseline', business: true };
const errors = {
  name: 'errors',
  source: 'prometheus',
  address: 'http://127.0.0.1:9090',
  query: 'sum(rate(errors{sha="{{sha}}"}[{{window}}]))',
  compare: 'candidate-vs-stable',
  max_increase: 20,
};

describe('E1 measures in orchestra.yaml', () => {
  it('are read with the defaults that the requirements name', () => {
    const [first, second] = parse([orders, errors]).environments['production']?.metrics ?? [];
    expect(first).toMatchObject({ interval: 30_000, for: 300_000, business: true, dry_run: false });
    expect(second).toMatchObject({ window: 60_000, error_limit: 5, max_increase: 20 });
  });

  it.each([
    ['an unknown key', { ...orders, intervall: '5s' }, /did you mean "interval"/],
    [
      'no limit',
      { name: 'a', source: 'command', run: ['x'] },
      /metrics\[0\]\.max: missing; expected min or max/,
    ],
    [
      'no query',
      { name: 'a', source: 'prometheus', address: 'http://x', max: 1 },
      /query: missing; expected a PromQL/,
    ],
    ['a shell string', { ...orders, run: 'orders | tail' }, /run/],
    ['a key of another source', { ...orders, query: 'up' }, /query.*nothing here for the source command/],
    ['a limit without its comparison', { ...errors, compare: 'threshold', max: 1 }, /compare.*baseline/],
    ['an open placeholder', { ...errors, query: 'errors{{sha}}' }, /inside a label value/],
    ['a password', { ...errors, address: 'http://a:b@x' }, /token_env/],
    ['a server by placeholder', { ...errors, address: 'http://x/{{sha}}' }, /without placeholders/],
    ['a flood of readings', { ...orders, interval: '10ms' }, /interval.*1s or more/],
    ['bounds that cross', { ...errors, min: 5, max: 1 }, /min.*not above max/],
    ['a bad path', { ...orders, json_path: '$..x' }, /path such as/],
  ])('are refused for %s', (_, metric, message) => {
    expect(refusal(metric)).toMatch(message);
  });

  it('have names of their own', () => {
    expect(() => parse([orders, orders])).toThrow(/names that no other has/);
  });
});
