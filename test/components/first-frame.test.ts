import path from 'node:path';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';
import configs from '../../rolldown.config.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Bytes of all that Node reads before the first frame stands: what more there is, everybody waits for at each start. */
const most = 448_000;

/** Of what others wrote, the first frame needs this. */
const packages = [
  '@alcalzone/ansi-tokenize',
  'ansi-escapes',
  'ansi-regex',
  'ansi-styles',
  'auto-bind',
  'chalk',
  'cli-boxes',
  'cli-cursor',
  'cli-truncate',
  'environment',
  'get-east-asian-width',
  'indent-string',
  'ink',
  'is-fullwidth-code-point',
  'is-in-ci',
  'mimic-fn',
  'onetime',
  'react',
  'react-reconciler',
  'restore-cursor',
  'scheduler',
  'slice-ansi',
  'string-width',
  'strip-ansi',
  'widest-line',
  'wrap-ansi',
  'yoga-layout',
  'zustand',
];

interface Module {
  file: string;
  bytes: number;
}

/** The modules that are loaded before the first frame, and the bytes of their files. */
async function beforeTheFirstFrame(): Promise<{ modules: Module[]; bytes: number }> {
  const [config] = configs;
  if (!config) throw new Error('rolldown.config.mjs builds nothing.');
  const bundle = await rolldown({ ...config, logLevel: 'silent' });
  const { output } = await bundle.generate(
    Array.isArray(config.output) ? config.output[0] : (config.output ?? {}),
  );
  await bundle.close();
  const chunks = new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file]] : [])));
  const needed = new Set<string>();
  const need = (name: string) => {
    if (needed.has(name) || !chunks.has(name)) return;
    needed.add(name);
    for (const further of chunks.get(name)?.imports ?? []) need(further);
  };
  const first = ['src/bin.ts', 'src/main.ts', 'components/start.ts', 'components/mount.tsx'];
  for (const [name, { moduleIds }] of chunks)
    if (first.some((file) => moduleIds.includes(path.join(root, file)))) need(name);
  const found = [...needed].flatMap((name) => chunks.get(name) ?? []);
  return {
    bytes: found.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0),
    modules: found
      .flatMap(({ modules }) =>
        Object.entries(modules).map(([id, { renderedLength }]) => ({
          file: path.relative(root, id).replaceAll(path.sep, '/'),
          bytes: renderedLength,
        })),
      )
      .toSorted((a, b) => b.bytes - a.bytes),
  };
}

let loaded: Awaited<ReturnType<typeof beforeTheFirstFrame>>;
beforeAll(async () => {
  loaded = await beforeTheFirstFrame();
}, 120_000);

describe('what is loaded before the first frame', () => {
  it('is small', () => {
    const ours = loaded.modules.filter(({ file }) => !file.includes('node_modules'));
    const largest = ours.slice(0, 15).map(({ file, bytes }) => `${file} ${bytes}`);
    expect(loaded.bytes, `the largest of ours:\n${largest.join('\n')}`).toBeLessThan(most);
  });

  it('is no pane, nothing of the engine and no schema', () => {
    const late =
      /^(?:components\/(?:panes|details|production|said)\/|src\/(?:engine|memory|planning|faces)\/|providers\/(?!runtime\/))/u;
    expect(loaded.modules.map(({ file }) => file).filter((file) => late.test(file))).toEqual([]);
  });

  it('holds of other people’s packages only those that draw', () => {
    const found = loaded.modules.flatMap(
      ({ file, bytes }) => (bytes > 0 && /node_modules\/((?:@[^/]+\/)?[^/]+)\//u.exec(file)?.[1]) || [],
    );
    expect([...new Set(found)].filter((name) => !packages.includes(name))).toEqual([]);
  });
});
