import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '../../src/domain/settings.ts';
import { candidateOf, failedTests, git, makeSample, stepsOf, temporaryFolder } from './repository.ts';

const goodPulls = [12, 14, 15, 16, 18, 19, 23, 33];

describe('the sample shop', () => {
  const { folder, remove } = temporaryFolder();
  let shop = '';

  beforeAll(() => {
    shop = makeSample(folder).folder;
  });
  afterAll(remove);

  const pulls = (...wanted: number[]) => stepsOf(shop).filter(({ pull }) => pull && wanted.includes(pull));

  it('is a sound repository with about fifty commits of six people waiting on dev', () => {
    expect(git(shop, ['fsck', '--strict']).ok).toBe(true);
    expect(git(shop, ['status', '--porcelain']).text).toBe('');
    expect(git(shop, ['symbolic-ref', '--short', 'HEAD']).text).toBe('dev');
    const commits = Number(git(shop, ['rev-list', '--count', 'main..dev']).text);
    expect(commits).toBeGreaterThanOrEqual(45);
    expect(commits).toBeLessThanOrEqual(60);
    const authors = new Set(git(shop, ['log', '--format=%ae', 'main..dev']).text.split('\n'));
    expect(authors.size).toBe(6);
  });

  it('holds merged pull requests, squashed ones, plain commits, a revert, a breaking change and a security fix', () => {
    const steps = stepsOf(shop);
    expect(steps.filter(({ merge }) => merge).length).toBe(8);
    expect(steps.filter(({ merge, pull }) => !merge && pull).length).toBeGreaterThan(12);
    expect(steps.filter(({ pull }) => !pull).length).toBeGreaterThan(8);
    const messages = git(shop, ['log', '--format=%B', 'main..dev']).text;
    expect(messages).toMatch(/^BREAKING CHANGE: /m);
    expect(messages).toMatch(/^Security: CVE-/m);
    const reverted = /^This reverts commit ([0-9a-f]{40})\.$/m.exec(messages)?.[1] ?? '';
    expect(git(shop, ['log', '-1', '--format=%s', reverted]).text).toContain('banner');
  });

  it('has merges that are exactly what git itself makes of their parents', () => {
    for (const { sha, merge } of stepsOf(shop)) {
      if (!merge) continue;
      const tree = git(shop, ['merge-tree', '--write-tree', `${sha}^1`, `${sha}^2`]).text;
      expect(tree).toBe(git(shop, ['rev-parse', `${sha}^{tree}`]).text);
    }
  });

  it('has the same shas wherever it is made, and another only for another port', () => {
    const again = temporaryFolder();
    const other = temporaryFolder();
    try {
      const first = git(shop, ['rev-parse', 'main', 'dev']).text;
      const { main, dev } = makeSample(again.folder);
      expect(`${main}\n${dev}`).toBe(first);
      expect(makeSample(other.folder, 4811).dev).not.toBe(dev);
    } finally {
      again.remove();
      other.remove();
    }
  });

  it('names its port in settings that version 1 and the development branch share', () => {
    for (const branch of ['main', 'dev']) {
      const settings = settingsSchema.parse(parse(git(shop, ['show', `${branch}:orchestra.yaml`]).text));
      expect(settings.environments['production']).toMatchObject({ port: 4810, measure_every: 500 });
      expect(settings.suites.map(({ name }) => name)).toEqual(['unit', 'smoke']);
    }
  });

  it('D6 has pull requests that apply alone, and some that cannot without another', () => {
    const alone = (step: { sha: string; merge: boolean }) => {
      const base = step.merge ? `${step.sha}^1` : `${step.sha}^`;
      const shape = git(shop, ['commit-tree', '-p', base, '-m', 'x', 'main^{tree}']).text;
      return git(shop, ['merge-tree', '--write-tree', shape, step.sha], true).ok;
    };
    const dependent = stepsOf(shop).filter((step) => !alone(step));
    // The revert applies too: without its target it changes nothing.
    expect(dependent.map(({ pull }) => pull)).toEqual([26, 27, 29, 31, 34]);
  });

  it('D3 has one migration, which only adds', () => {
    const { text } = git(shop, ['diff', '--name-status', 'main', 'dev', '--', 'migrations']);
    expect(text).toBe('A\tmigrations/003_add_customers.js');
  });

  it('passes its own tests as version 1', () => {
    const at = path.join(folder, 'v1');
    candidateOf(shop, at, []);
    expect(failedTests(at)).toEqual([]);
  });

  it('passes its tests with everything but the one feature that fails them', () => {
    const at = path.join(folder, 'most');
    candidateOf(
      shop,
      at,
      stepsOf(shop).filter(({ pull }) => pull !== 27),
    );
    expect(failedTests(at)).toEqual([]);
  });

  it('passes its tests with the features that the headless story ships first', () => {
    const at = path.join(folder, 'good');
    candidateOf(shop, at, pulls(...goodPulls));
    expect(existsSync(path.join(at, 'migrations/003_add_customers.js'))).toBe(true);
    expect(failedTests(at)).toEqual([]);
  });

  it('fails one test with the feature that is broken', () => {
    const at = path.join(folder, 'failing');
    candidateOf(shop, at, pulls(14, 27));
    expect(failedTests(at)).toEqual(['what sold most comes first']);
  });

  it('keeps git away from the settings of the person who runs it', () => {
    const config = readFileSync(path.join(shop, '.git/config'), 'utf8');
    expect(config).not.toMatch(/\[(user|include|filter|alias)/);
  });
});
