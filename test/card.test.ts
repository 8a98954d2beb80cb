import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');

function sources(folder: string): string[] {
  return readdirSync(path.join(root, folder)).flatMap((name) => {
    const file = path.join(folder, name);
    if (statSync(path.join(root, file)).isDirectory()) return sources(file);
    return /\.tsx?$/.test(name) ? [readFileSync(path.join(root, file), 'utf8')] : [];
  });
}

const product = ['src', 'components', 'store', 'providers'].flatMap(sources);

describe('what the product is made of', () => {
  it.each(['ink', 'react', 'ink-table', 'ink-spinner', 'zustand', 'simple-git', 'execa', 'lowdb', 'zod'])(
    'U2 uses %s by a static import of a value',
    (name) => {
      const imported = new RegExp(`^import (?!type )[^;]* from '${name}(?:/[^']*)?';`, 'mu');
      expect(product.filter((text) => imported.test(text))).not.toEqual([]);
    },
  );

  it('U2 tests its components with ink-testing-library', () => {
    expect(sources('test').some((text) => text.includes("from 'ink-testing-library'"))).toBe(true);
  });

  it.each([
    'package.json',
    'tsconfig.json',
    'src',
    'components',
    'store',
    'providers',
    'test',
    'deployment_memory',
  ])('U3 has %s at its top level', (name) => {
    expect(existsSync(path.join(root, name))).toBe(true);
  });
});
