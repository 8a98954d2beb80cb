import { describe, expect, it } from 'vitest';
import type { SettingEdit } from '../../src/domain/improvement.ts';
import { diffText, lineDiff } from '../../src/domain/line-diff.ts';
import { editSettings } from '../../src/memory/settings-edit.ts';

const text = `# Our settings; talk to Ana before you change them.
version: 1
project: shop   # the name on screens

services:
  web:
    start: node server.js

environments:
  production:
    port: 8080      # behind the balancer
    canary:
      steps: [5, 25, 50, 100]  # as agreed in spring
      duration: 5m
    # the end of production

suites:
  - name: unit
    run: npm test   # quick
    timeout: "10m"

  # the slow one
  - name: e2e
    run: |
      npm run e2e
      npm run e2e:mobile
`;

const changesOf = (before: string, edits: SettingEdit[]) =>
  diffText(lineDiff(before, editSettings(before, edits))).filter((line) => /^[-+]/u.test(line));

describe('editing orchestra.yaml', () => {
  it('M4 sets a value in its place and leaves every other character as it was', () => {
    const edits: SettingEdit[] = [
      { path: ['environments', 'production', 'canary', 'duration'], value: '2m' },
    ];
    expect(editSettings(text, edits)).toBe(text.replace('duration: 5m', 'duration: 2m'));
  });

  it('keeps the comment behind what it changes', () => {
    expect(changesOf(text, [{ path: ['suites', 0, 'timeout'], value: '90s' }])).toEqual([
      '-     timeout: "10m"',
      '+     timeout: 90s',
    ]);
  });

  it('adds a key at the end of its map, before the comment that follows', () => {
    const after = editSettings(text, [
      { path: ['environments', 'production', 'approval', 'valid_for'], value: '4h' },
    ]);
    expect(after).toBe(text.replace('duration: 5m\n', 'duration: 5m\n    approval:\n      valid_for: 4h\n'));
  });

  it('adds a key behind a text of several lines', () => {
    expect(editSettings(text, [{ path: ['suites', 1, 'retries'], value: 1 }])).toBe(
      `${text.trimEnd()}\n    retries: 1\n`,
    );
  });

  it('adds a list of maps as a person would write it', () => {
    const value = [{ days: 'mon-fri', from: '09:00', to: '16:00' }];
    expect(changesOf(text, [{ path: ['environments', 'production', 'windows'], value }])).toEqual([
      '+     windows:',
      '+       - days: mon-fri',
      '+         from: "09:00"',
      '+         to: "16:00"',
    ]);
  });

  it('takes one item out of a list, first, middle or last, on one line or on several', () => {
    const steps = (at: number) => [{ path: ['environments', 'production', 'canary', 'steps', at] }];
    expect(editSettings(text, steps(2))).toContain('steps: [5, 25, 100]  # as agreed');
    expect(editSettings(text, steps(0))).toContain('steps: [25, 50, 100]  # as agreed');
    expect(editSettings(text, steps(3))).toContain('steps: [5, 25, 50]  # as agreed');
    const block = text.replace(
      '[5, 25, 50, 100]  # as agreed in spring',
      '\n        - 5\n        - 25 # few\n        - 100',
    );
    expect(changesOf(block, steps(1))).toEqual(['-         - 25 # few']);
  });

  it('works in maps on one line, in files with carriage returns, and without a last line break', () => {
    const flow = 'version: 1\r\nsuites:\r\n  - { name: unit, run: npm test }\r\ntesting: { }';
    const after = editSettings(flow, [
      { path: ['suites', 0, 'retries'], value: 2 },
      { path: ['testing', 'parallel'], value: 3 },
      { path: ['selection', 'max_features_per_deployment'], value: 8 },
    ]);
    expect(after).toBe(
      'version: 1\r\nsuites:\r\n  - { name: unit, run: npm test, retries: 2 }\r\ntesting: { parallel: 3 }\r\nselection:\r\n  max_features_per_deployment: 8',
    );
  });

  it.each([
    ['an anchor that others repeat', 'a: &five 5\nb: *five\n', ['a']],
    ['an alias', 'a: &map\n  x: 1\nb: *map\n', ['b', 'x']],
    ['a place in a map that is repeated', 'a: &map\n  x: 1\nb: *map\n', ['a', 'x']],
    ['a list that is none', 'a: 1\n', ['a', 0]],
    ['a place that is not there', 'a: [1]\n', ['a', 7]],
    ['a file that is no YAML', 'a: [1\n', ['a']],
    [
      'aliases that repeat without end',
      `a: &a [1,1]\n${'bcdefgh'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]}, `.repeat(9)}1]\n`)
        .join('')}`,
      ['z'],
    ],
  ])('refuses %s, and says where', (_, hostile, path) => {
    expect(() => editSettings(hostile, [{ path, value: 6 }])).toThrow(/cannot be set to 6 by itself/u);
  });

  it('names that every object has are names like others', () => {
    const after = editSettings('suites:\n  - name: x\n', [{ path: ['suites', 0, '__proto__'], value: 1 }]);
    expect(after).toBe('suites:\n  - name: x\n    __proto__: 1\n');
    expect(() => editSettings('a: 1\n', [{ path: ['constructor', 'name'], value: 'x' }])).not.toThrow();
  });

  it('shows what it changed with a little around it', () => {
    const after = editSettings(text, [{ path: ['suites', 0, 'retries'], value: 1 }]);
    expect(diffText(lineDiff(text, after))).toEqual([
      '…',
      '      run: npm test   # quick',
      '      timeout: "10m"',
      '+     retries: 1',
      '  ',
      '    # the slow one',
      '…',
    ]);
    expect(lineDiff(text, text)).toEqual([]);
  });
});
