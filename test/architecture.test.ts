import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { temporaryFolders } from './harness/folder.ts';
import { importsOf } from './harness/imports-of.ts';

const root = path.resolve(import.meta.dirname, '..');
const folder = temporaryFolders();

/** The layers by folder, and the folders each may import; DESIGN's arrows. */
const mayImport: Record<string, readonly string[]> = {
  'src/domain': ['src/domain'],
  'src/ports': ['src/domain', 'src/ports'],
  'src/planning': ['src/domain', 'src/ports', 'src/planning'],
  'src/strategies': ['src/domain', 'src/ports', 'src/strategies'],
  'src/gates': ['src/domain', 'src/ports', 'src/gates'],
  'src/learning': ['src/domain', 'src/ports', 'src/learning'],
  'src/engine': [
    'src/domain',
    'src/ports',
    'src/planning',
    'src/strategies',
    'src/gates',
    'src/learning',
    'src/engine',
  ],
  'src/memory': ['src/domain', 'src/ports', 'src/memory', 'providers/runtime'],
  ...Object.fromEntries(
    ['platforms/local', 'routers/embedded', 'metrics', 'suites', 'runtime'].map(
      (name): [string, string[]] => [
        `providers/${name}`,
        ['src/domain', 'src/ports', 'providers/runtime', `providers/${name}`],
      ],
    ),
  ),
  store: ['src/domain', 'src/ports', 'src/engine', 'store'],
  components: ['src/domain', 'store', 'components'],
  'src/faces/cli': ['src/domain', 'src/ports', 'src/engine', 'src/faces/cli'],
};

/** What each layer must never import, where the arrows leave no room for taste. */
const mustNotImport: Record<string, readonly string[]> = {
  'src/domain': except('src/domain'),
  'src/ports': except('src/domain', 'src/ports'),
  'src/planning': ['src/engine', 'src/memory', 'src/faces/cli', 'store', 'components', 'providers/runtime'],
  'src/strategies': ['src/engine', 'src/memory', 'src/faces/cli', 'store', 'components', 'providers/runtime'],
  'src/gates': ['src/engine', 'src/memory', 'src/faces/cli', 'store', 'components', 'providers/runtime'],
  'src/learning': ['src/engine', 'src/memory', 'src/faces/cli', 'store', 'components', 'providers/runtime'],
  'src/engine': ['src/memory', 'src/faces/cli', 'store', 'components', 'providers/runtime'],
  'src/memory': except('src/domain', 'src/ports', 'src/memory', 'providers/runtime'),
  'providers/platforms/local': except('src/domain', 'src/ports', ...providers()),
  'providers/routers/embedded': except('src/domain', 'src/ports', ...providers()),
  'providers/metrics': except('src/domain', 'src/ports', ...providers()),
  'providers/suites': except('src/domain', 'src/ports', ...providers()),
  'providers/runtime': except('src/domain', 'src/ports', ...providers()),
  store: except('src/domain', 'src/ports', 'src/engine', 'store'),
  components: except('src/domain', 'store', 'components'),
  'src/faces/cli': ['src/memory', 'components', 'providers/runtime', 'providers/platforms/local'],
};

function except(...allowed: string[]): string[] {
  return Object.keys(mayImport).filter((layer) => !allowed.includes(layer));
}

function providers(): string[] {
  return Object.keys(mayImport).filter((layer) => layer.startsWith('providers/'));
}

const reportSchema = z.object({
  diagnostics: z.array(z.object({ code: z.string(), filename: z.string(), message: z.string() })),
});

/** What the project's own linter, with the project's own rules, says about these files. */
function lint(files: Record<string, string>) {
  const at = folder();
  copyFileSync(path.join(root, '.oxlintrc.json'), path.join(at, '.oxlintrc.json'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(at, name)), { recursive: true });
    writeFileSync(path.join(at, name), text);
  }
  const linter = path.join(root, 'node_modules/.bin/oxlint');
  const { stdout } = spawnSync(linter, ['--format', 'json'], { cwd: at, encoding: 'utf8' });
  return reportSchema.parse(JSON.parse(stdout)).diagnostics;
}

/** A file in `from` that imports one in `to`, under a name that says so. */
function importing(from: string, to: string): [string, string] {
  const name = `${from}/to-${to.replaceAll('/', '-')}.ts`;
  const target = path.posix.relative(from, `${to}/target.ts`);
  const specifier = target.startsWith('.') ? target : `./${target}`;
  return [name, `import { target } from '${specifier}';\nexport const used = target;\n`];
}

function refusedBy(pairs: [string, string][]): string[] {
  const targets = Object.keys(mayImport).map((layer): [string, string] => [
    `${layer}/target.ts`,
    'export const target = 1;\n',
  ]);
  const compose: [string, string] = ['src/compose.ts', 'export const compose = 1;\n'];
  const said = lint(Object.fromEntries([...targets, compose, ...pairs]));
  const refused = said.filter(({ code }) => code.includes('no-restricted-imports'));
  return refused.map(({ filename }) => filename.replaceAll('\\', '/')).toSorted();
}

describe('the import arrows', () => {
  const pairsOf = (table: Record<string, readonly string[]>) =>
    Object.entries(table).flatMap(([from, all]) => all.map((to) => importing(from, to)));

  it('refuse every import against them', () => {
    const pairs = pairsOf(mustNotImport);
    expect(pairs.length).toBeGreaterThan(100);
    expect(refusedBy(pairs)).toEqual(pairs.map(([name]) => name).toSorted());
  });

  it('let every import along them pass', () => {
    expect(refusedBy(pairsOf(mayImport))).toEqual([]);
  });

  it('lead nobody but the programs to compose.ts', () => {
    const pairs = Object.keys(mayImport).map((from): [string, string] => [
      `${from}/to-compose.ts`,
      `import { compose } from '${path.posix.relative(from, 'src/compose.ts').replace(/^(?!\.)/, './')}';\nexport const used = compose;\n`,
    ]);
    expect(refusedBy(pairs)).toEqual(pairs.map(([name]) => name).toSorted());
  });

  it('never go round in a circle', () => {
    const said = lint({
      'src/domain/a.ts': "import { b } from './b.ts';\nexport const a = () => b;\n",
      'src/domain/b.ts': "import { a } from './a.ts';\nexport const b = () => a;\n",
    });
    expect(said.map(({ code }) => code)).toContain('import(no-cycle)');
  });

  it('hold in this repository', () => {
    const linter = path.join(root, 'node_modules/.bin/oxlint');
    expect(() => execFileSync(linter, ['--deny-warnings'], { cwd: root, stdio: 'pipe' })).not.toThrow();
  });
});

describe('the proxy’s program', () => {
  it('stays light: nothing it imports leads to the screen, to git or to a process library', () => {
    const heavy = ['execa', 'ink', 'react', 'simple-git', 'lowdb', 'yaml', 'commander'];
    const seen = importsOf(path.join(root, 'src/proxy.ts'));
    expect(heavy.filter((name) => seen.has(name))).toEqual([]);
    expect([...seen]).toContain('zod');
  });
});
