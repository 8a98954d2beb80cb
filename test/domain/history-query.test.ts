import { describe, expect, it } from 'vitest';
import { filterHistory } from '../../src/domain/history-filter.ts';
import { historyOrders, orderHistory } from '../../src/domain/history-order.ts';
import { parseHistoryQuery } from '../../src/domain/history-query.ts';
import { pastRow } from '../harness/history.ts';

const rows = [
  pastRow('2026-03-01', { environment: 'staging', version: 'v10', candidate: 'v10', durationMs: 3000 }),
  pastRow('2026-02-01', { outcome: 'rolled_back', candidate: 'v9', durationMs: 9000 }),
  pastRow('2026-01-31', {
    strategy: 'rolling',
    candidate: 'v2',
    features: [{ id: 'pr-801', title: 'feat(cart): saved baskets' }],
    durationMs: 5000,
  }),
];
const known = { environments: ['production', 'staging'], strategies: ['canary', 'rolling'] };
const found = (text: string) =>
  filterHistory(rows, parseHistoryQuery(text, known).filter).map(({ startedAt }) => startedAt.slice(0, 10));

describe('a search of the history as it is typed', () => {
  it.each([
    ['', ['2026-03-01', '2026-02-01', '2026-01-31']],
    ['status:rolled_back', ['2026-02-01']],
    ['status:rolled', ['2026-02-01']],
    ['STATUS:rolled-back', ['2026-02-01']],
    ['env:staging', ['2026-03-01']],
    ['env:stag', ['2026-03-01']],
    ['env:elsewhere', []],
    ['strategy:rolling', ['2026-01-31']],
    ['feature:cart', ['2026-01-31']],
    ['feature:pr-801 saved', ['2026-01-31']],
    ['since:2026-02-01', ['2026-03-01', '2026-02-01']],
    ['since:2026-01-31 until:2026-02-01', ['2026-02-01', '2026-01-31']],
    ['baskets', ['2026-01-31']],
    ['status:', ['2026-03-01', '2026-02-01', '2026-01-31']],
    ['http://shop', []],
  ])('W2 %j finds %j', (text, dates) => {
    expect(found(text)).toEqual(dates);
  });

  it('says what it does not understand, and narrows nothing by it', () => {
    expect(parseHistoryQuery('since:2026-02-31 status:odd', known)).toEqual({
      filter: {},
      problems: [
        'since is a day such as 2026-01-31',
        'status is one of succeeded, rolled_back, failed, blocked, halted',
      ],
    });
  });
});

describe('the orders of the history', () => {
  it('W2 are by start, duration, gravity, environment and version, numbers in names as numbers', () => {
    const order = (by: (typeof historyOrders)[number]) =>
      orderHistory(rows, by).map(({ candidate }) => candidate);
    expect(order('newest')).toEqual(['v10', 'v9', 'v2']);
    expect(order('oldest')).toEqual(['v2', 'v9', 'v10']);
    expect(order('longest')).toEqual(['v9', 'v2', 'v10']);
    expect(order('shortest')).toEqual(['v10', 'v2', 'v9']);
    expect(order('outcome')).toEqual(['v9', 'v10', 'v2']);
    expect(order('environment')).toEqual(['v9', 'v2', 'v10']);
    expect(order('version')).toEqual(['v2', 'v9', 'v10']);
  });

  it('leaves out nothing', () => {
    for (const by of historyOrders) expect(new Set(orderHistory(rows, by))).toEqual(new Set(rows));
  });
});
