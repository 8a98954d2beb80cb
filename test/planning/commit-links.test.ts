import { expect, it } from 'vitest';
import { commitLinks } from '../../src/planning/commit-links.ts';

const ids = (subject: string, ...body: string[]) =>
  commitLinks([{ subject, body }]).map(({ kind, id }) => `${kind} ${id}`);

it('C8 what a commit says it belongs to is found in its subject and its trailers', () => {
  expect(ids('feat: ABC-12 count the stock')).toEqual(['issue ABC-12']);
  expect(ids('count the stock (ABC-12)')).toEqual(['issue ABC-12']);
  expect(ids('x', 'Closes #12', 'Refs: SHOP-3, SHOP-4', 'Change: CHG-7', 'Spec: docs/stock.md')).toEqual([
    'issue #12',
    'issue SHOP-3',
    'issue SHOP-4',
    'change CHG-7',
    'spec docs/stock.md',
  ]);
  expect(ids('x', 'Refs: CHG-9')).toEqual(['change CHG-9']);
});

it('a mention is no belonging, nor is what only looks like a key', () => {
  expect(ids('read UTF-8 and ABC-12 files', 'as in ABC-9', 'Change-Id: I0123')).toEqual([]);
  expect(ids('feat: UTF-8 everywhere')).toEqual([]);
});

it('each is named once', () => {
  expect(ids('ABC-1: x', 'Refs: ABC-1', 'Closes ABC-1')).toEqual(['issue ABC-1']);
});
