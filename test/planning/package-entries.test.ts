import { describe, expect, it } from 'vitest';
import { entriesOf, isEntry, readEntries } from '../../src/planning/package-entries.ts';
import { openGit } from '../../providers/runtime/git.ts';
import { repo } from '../harness/repository.ts';

const hono = entriesOf(
  JSON.stringify({
    name: 'hono',
    main: 'dist/cjs/index.js',
    exports: {
      './cache': {
        types: './dist/types/middleware/cache/index.d.ts',
        import: './dist/middleware/cache/index.js',
      },
      './types/*': { types: './types/*' },
      './types/internal/*': null,
    },
  }),
);

describe('modules that others import', () => {
  it.each([
    ['src/index.ts', true],
    ['src/middleware/cache/index.ts', true],
    ['src/middleware/inner/index.ts', false],
    ['types/hmr.d.ts', true],
    ['src/types/shim.d.ts', false],
    ['src/server/index.ts', false],
  ])('D4 takes %s for one: %s', (path, expected) => {
    expect(isEntry(path, new Map([['', hono ?? []]]))).toBe(expected);
  });

  it('D4 asks the nearest package, and takes every module where there is none', () => {
    const packages = new Map([['packages/a/', entriesOf('{"name":"a"}') ?? []]]);
    expect(isEntry('packages/a/src/index.ts', packages)).toBe(true);
    expect(isEntry('packages/a/src/inner/index.ts', packages)).toBe(false);
    expect(isEntry('src/inner/index.ts', packages)).toBe(true);
  });

  it('D4 takes a package.json without a name, or one that does not parse, for none', () => {
    expect(entriesOf('{"type":"module"}')).toBeUndefined();
    expect(entriesOf('{')).toBeUndefined();
    expect(entriesOf('{"name":"a","exports":{"__proto__":{"x":"./src/x.js"}}}')).toEqual(['x']);
  });

  it('D4 reads the packages above some paths in a revision, strange folders among them', async () => {
    const r = repo().commit('start', {
      files: {
        'packages/a b/package.json': '{"name":"a","exports":"./src/cart/index.ts"}',
        'packages/a b/src/cart/index.ts': '',
      },
    });
    const isOffered = await readEntries(await openGit(r.dir), 'HEAD', [
      'packages/a b/src/cart/index.ts',
      'packages/a b/src/inner/index.ts',
      'a\nb/index.ts',
    ]);
    expect(isOffered('packages/a b/src/cart/index.ts')).toBe(true);
    expect(isOffered('packages/a b/src/inner/index.ts')).toBe(false);
    expect(isOffered('a\nb/index.ts')).toBe(true);
  });
});
