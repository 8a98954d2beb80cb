import { describe, expect, it } from 'vitest';
import { lockFits } from '../../../src/planning/lockfiles/fits.ts';

const folder = (lock: string, manifests: Record<string, string>) => ({
  lock,
  manifests: new Map(Object.entries(manifests)),
});
const json = JSON.stringify;

describe('lockFits', () => {
  it('lets an npm lock hold more than the manifest asks for, never less and never another range', () => {
    const lock = json({ packages: { '': { dependencies: { a: '^1', b: '2' } } } });
    const fits = (dependencies: Record<string, string>) =>
      lockFits('npm', folder(lock, { 'package.json': json({ dependencies }) }));
    expect(fits({ a: '^1' })).toBe(true);
    expect(fits({ a: '^1.2' })).toBe('a is ^1.2 in package.json and ^1 in the lockfile');
    expect(fits({ toString: '1' })).toBe('toString is not in the lockfile');
  });

  it('looks at the workspaces an npm lock names, and at no other package', () => {
    const lock = json({ packages: { '': {}, 'packages/x': { devDependencies: { a: '1' } } } });
    const fits = (range: string) =>
      lockFits(
        'npm',
        folder(lock, {
          'package.json': '{}',
          'packages/x/package.json': json({ devDependencies: { a: range } }),
          'example/package.json': json({ dependencies: { other: '9' } }),
        }),
      );
    expect(fits('1')).toBe(true);
    expect(fits('2')).toMatch(/^a is 2/u);
  });

  it('wants a pnpm lock to hold exactly what the manifest asks for', () => {
    const lock =
      'lockfileVersion: "9.0"\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n';
    const fits = (dependencies: Record<string, string>) =>
      lockFits('pnpm', folder(lock, { 'package.json': json({ dependencies }) }));
    expect(fits({ a: '^1' })).toBe(true);
    expect(fits({})).toBe('a is absent in package.json and ^1 in the lockfile');
    expect(fits({ a: '^1', b: '1' })).toBe('b is 1 in package.json and absent in the lockfile');
  });

  it('finds each range in a lock of Yarn 1, and leaves later ones to Yarn', () => {
    const lock =
      '# yarn lockfile v1\n\n"@s/a@^1", "@s/a@^1.2":\n  version "1.2.0"\n\nb@2:\n  version "2.0.0"\n';
    const fits = (text: string, dependencies: Record<string, string>) =>
      lockFits('yarn', folder(text, { 'package.json': json({ dependencies }) }));
    expect(fits(lock, { '@s/a': '^1.2', b: '2' })).toBe(true);
    expect(fits(lock, { b: '3' })).toBe('b@3 is not in the lockfile');
    expect(fits('\n__metadata:\n  version: 8\n', { b: '3' })).toBeUndefined();
  });

  it('wants the sums of what go.mod requires', () => {
    const sums = 'example.com/a v1.0.0 h1:x=\nexample.com/a v1.0.0/go.mod h1:y=\n';
    const fits = (mod: string) => lockFits('go', folder(sums, { 'go.mod': mod }));
    expect(fits('module m\n\nrequire (\n\texample.com/a v1.0.0 // indirect\n)\n')).toBe(true);
    expect(fits('module m\nrequire example.com/a v1.1.0\n')).toBe('example.com/a v1.1.0 is not in go.sum');
  });

  it('leaves to the tool what it cannot read, whatever that is', () => {
    expect(lockFits('npm', folder('<<<<<<<', { 'package.json': '{}' }))).toBeUndefined();
    expect(lockFits('bundler', folder('', { Gemfile: '' }))).toBeUndefined();
    expect(lockFits('pnpm', folder('a: &a [*a,*a]', { 'package.json': '{}' }))).toBeUndefined();
  });
});
