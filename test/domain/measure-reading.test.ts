import { describe, expect, it } from 'vitest';
import { valueAtPath } from '../../src/domain/json-path.ts';
import { soundReading } from '../../src/domain/measure-reading.ts';

const now = new Date('2026-03-02T10:00:00.000Z');
const reading = (value: unknown, at?: unknown) => soundReading({ value, at }, now, 60_000);
const ago = (ms: number) => now.getTime() - ms;

describe('a reading', () => {
  it.each([
    [0, 0],
    [-0, 0],
    ['12.50', 12.5],
    ['1e3', 1000],
  ])('of %j is a number', (value, number) => {
    expect(reading(value)).toEqual({ kind: 'value', value: number, at: now.toISOString() });
  });

  it.each([
    [undefined, 'no-data'],
    [null, 'no-data'],
    ['NaN', 'no-data'],
    [Number.NaN, 'no-data'],
    ['+Inf', 'error'],
    [Number.POSITIVE_INFINITY, 'error'],
    ['1e999', 'error'],
    [-1, 'error'],
    ['', 'error'],
    ['0x10', 'error'],
    ['12 orders', 'error'],
    [true, 'error'],
    [{}, 'error'],
    [[5], 'error'],
  ])('of %j never passes for a number', (value, kind) => {
    expect(reading(value).kind).toBe(kind);
  });

  it.each([
    [ago(59_000), 'value'],
    [ago(61_000), 'no-data'],
    [ago(-9000), 'value'],
    [ago(-11_000), 'error'],
    [ago(1000) / 1000, 'value'],
    [String(ago(1000) / 1000), 'value'],
    ['2026-03-02T09:59:30Z', 'value'],
    ['2026-03-02', 'error'],
    ['yesterday', 'error'],
    [1e300, 'error'],
    [{}, 'error'],
    [0, 'no-data'],
  ])('taken at %j is one of kind %s', (at, kind) => {
    expect(reading(4, at).kind).toBe(kind);
  });
});

describe('a path in JSON', () => {
  const json: unknown = JSON.parse('{"data":[{"a b":{"rate":3}}],"__proto__":{"x":1}}');

  it('leads to what stands there, or to nothing', () => {
    expect(valueAtPath(json, '$.data[0]["a b"].rate')).toBe(3);
    expect(valueAtPath(json, 'data[1].rate')).toBeUndefined();
    expect(valueAtPath(json, '$.data.length')).toBeUndefined();
    expect(valueAtPath(json, '$.data[0].constructor')).toBeUndefined();
    expect(valueAtPath(json, '$.constructor.name')).toBeUndefined();
    expect(() => valueAtPath(json, '$..rate')).toThrow(/no path/);
  });
});
