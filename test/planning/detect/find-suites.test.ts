import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { detectProject } from '../../../src/planning/detect/detect.ts';
import { writeSettings } from '../../../src/planning/detect/write-settings.ts';
import { manifest, projectOf } from './project-files.ts';

async function suitesOf(files: Record<string, string>) {
  const detection = await detectProject(projectOf(files));
  const text = writeSettings({ name: 'x', branches: {}, detection: { start: 'run', ...detection } });
  const written = settingsSchema
    .parse(parse(text))
    .suites.map(({ name, kind, run, report }) => [
      name,
      kind,
      run,
      ...(report === undefined ? [] : [report]),
    ]);
  return { written, text };
}

const lock = { 'package-lock.json': '{}' };
const phpunit = (...names: string[]) => names.map((name) => `<testsuite name="${name}">`).join('');

const cases: [string, Record<string, string>, unknown[][]][] = [
  [
    'vitest by npm',
    { ...lock, 'package.json': manifest({ scripts: { test: 'tsc && vitest run', 'test:watch': 'vitest' } }) },
    [
      [
        'unit',
        'unit',
        'npm run test -- --reporter=default --reporter=json --outputFile.json=.orchestra-report.unit.json',
        '.orchestra-report.unit.json',
      ],
    ],
  ],
  [
    'jest by pnpm, with integration and performance scripts, of which `test` runs the first two',
    {
      'pnpm-lock.yaml': '',
      'package.json': manifest({
        scripts: {
          test: 'pnpm run test:unit && pnpm run test:integration',
          'test:unit': 'NODE_ENV=test jest --runInBand',
          'test:integration': 'docker compose up -d && ./it.sh | tee it.log',
          bench: 'node bench.js',
          'test:ui': 'vitest --ui',
        },
      }),
    },
    [
      [
        'unit',
        'unit',
        'pnpm run test:unit --json --outputFile=.orchestra-report.unit.json',
        '.orchestra-report.unit.json',
      ],
      ['integration', 'integration', 'pnpm run test:integration'],
      ['bench', 'performance', 'pnpm run bench'],
    ],
  ],
  [
    'mocha by yarn, and a smoke script that chose its own report',
    {
      'yarn.lock': '',
      'package.json': manifest({
        scripts: { test: 'mocha test', smoke: 'jest smoke --json --outputFile=out/smoke.json' },
      }),
    },
    [
      [
        'unit',
        'unit',
        'yarn run test --reporter xunit --reporter-option output=.orchestra-report.unit.xml',
        '.orchestra-report.unit.xml',
      ],
      ['smoke', 'smoke', 'yarn run smoke', 'out/smoke.json'],
    ],
  ],
  [
    'node:test by npm',
    { ...lock, 'package.json': manifest({ scripts: { test: 'node --test test/' } }) },
    [['unit', 'unit', 'NODE_OPTIONS=--test-reporter=tap npm run test']],
  ],
  [
    'node:test without a script',
    { 'package.json': manifest({}), 'a.test.mjs': "import { test } from 'node:test';" },
    [['unit', 'unit', 'node --test --test-reporter=tap']],
  ],
  [
    'a monorepo whose root tests nothing',
    {
      ...lock,
      'package.json': manifest({ workspaces: ['packages/*'] }),
      'packages/cart/package.json': manifest({ scripts: { test: 'vitest' } }),
      'packages/docs/package.json': manifest({ scripts: { build: 'x' } }),
      'other/package.json': manifest({ scripts: { test: 'vitest' } }),
    },
    [
      [
        'cart-unit',
        'unit',
        'cd packages/cart && npm run test -- --reporter=default --reporter=json --outputFile.json=.orchestra-report.unit.json',
        'packages/cart/.orchestra-report.unit.json',
      ],
    ],
  ],
  [
    'pytest with integration tests in a folder of their own',
    {
      'requirements.txt': 'flask\npytest==8\n',
      'tests/test_a.py': '',
      'tests/integration/test_b.py': '',
    },
    [
      [
        'unit',
        'unit',
        '.venv/bin/pytest --ignore=tests/integration --junitxml=.orchestra-report.unit.xml',
        '.orchestra-report.unit.xml',
      ],
      [
        'integration',
        'integration',
        '.venv/bin/pytest tests/integration --junitxml=.orchestra-report.integration.xml',
        '.orchestra-report.integration.xml',
      ],
    ],
  ],
  ['go', { 'go.mod': 'module x', 'a_test.go': '' }, [['unit', 'unit', 'go test -json ./...']]],
  ['cargo', { 'Cargo.toml': '', 'Cargo.lock': '' }, [['unit', 'unit', 'cargo test --locked']]],
  [
    'Maven with Failsafe',
    { 'pom.xml': '<artifactId>maven-failsafe-plugin</artifactId>' },
    [
      ['unit', 'unit', 'mvn --batch-mode test'],
      ['integration', 'integration', 'mvn --batch-mode verify'],
    ],
  ],
  ['Gradle', { 'build.gradle': '', gradlew: '' }, [['unit', 'unit', './gradlew --no-daemon test']]],
  [
    'RSpec',
    { Gemfile: "gem 'rspec'", 'spec/a_spec.rb': '' },
    [
      [
        'unit',
        'unit',
        'bundle exec rspec --format progress --format json --out .orchestra-report.unit.json',
        '.orchestra-report.unit.json',
      ],
    ],
  ],
  [
    'PHPUnit with suites of two kinds',
    {
      'composer.json': '{"require-dev":{"phpunit/phpunit":"^11"}}',
      'phpunit.xml': phpunit('Unit', 'Integration'),
    },
    [
      [
        'unit',
        'unit',
        'vendor/bin/phpunit --testsuite Unit --log-junit .orchestra-report.unit.xml',
        '.orchestra-report.unit.xml',
      ],
      [
        'integration',
        'integration',
        'vendor/bin/phpunit --testsuite Integration --log-junit .orchestra-report.integration.xml',
        '.orchestra-report.integration.xml',
      ],
    ],
  ],
  [
    '.NET with a logger that writes JUnit XML',
    { 'a.csproj': 'Microsoft.NET.Test.Sdk JunitXml.TestLogger' },
    [['unit', 'unit', 'dotnet test --logger junit', '**/TestResults/*.xml']],
  ],
  ['.NET without one', { 'a.csproj': 'Microsoft.NET.Test.Sdk' }, [['unit', 'unit', 'dotnet test']]],
  ['a Makefile alone', { Makefile: 'test:\n\tprove\n' }, [['unit', 'unit', 'make test']]],
  [
    'a Node project with a Go module below',
    {
      ...lock,
      'package.json': manifest({ scripts: { test: './t' } }),
      'backend/go.mod': '',
      'backend/a_test.go': '',
    },
    [
      ['unit', 'unit', 'npm run test'],
      ['backend-unit', 'unit', 'cd backend && go test -json ./...'],
    ],
  ],
];

describe('the suites that init writes', () => {
  it.each(cases)('S4 for %s', async (_, files, expected) => {
    expect((await suitesOf(files)).written).toEqual(expected);
  });

  it.each([
    [
      'pytest',
      { 'requirements.txt': 'flask\n', 'conftest.py': '' },
      'tests of pytest, which no list that is installed names (conftest.py)',
    ],
    [
      'RSpec',
      { Gemfile: "gem 'puma'", 'spec/a_spec.rb': '' },
      'tests of RSpec, which the Gemfile does not name (spec/a_spec.rb)',
    ],
    [
      'PHPUnit',
      { 'composer.json': '{}', 'phpunit.xml': '' },
      'tests of PHPUnit, which composer.json does not name (phpunit.xml)',
    ],
    [
      'a Python project below',
      { ...lock, 'package.json': manifest({}), 'api/pyproject.toml': '' },
      'a Python project in api, which the install command does not install (api/pyproject.toml)',
    ],
  ])('never run %s that the project does not install, and say so', async (_, files, said) => {
    const { written, text } = await suitesOf(files);
    expect(written).toEqual([]);
    expect(text).toContain(`# Not written: ${said}`);
  });

  it('say why, and parse, whatever names scripts and workspaces have', async () => {
    const name = fc.oneof(
      fc.constantFrom('test', '__proto__', 'test:$(reboot)', 'toString', '../..', 'a/`x`'),
      fc.string({ unit: 'binary', maxLength: 12 }),
    );
    const script = fc.oneof(
      fc.constantFrom('vitest', 'jest && mocha', 'node --test', 'npm run test'),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, script), fc.array(name), name, async (scripts, spaces, folder) => {
        const { written, text } = await suitesOf({
          'package.json': manifest({ scripts, workspaces: [...spaces, 'packages/*'] }),
          [`packages/${folder}/package.json`]: manifest({ scripts }),
        });
        for (const [, , run] of written) expect(JSON.stringify(run)).not.toMatch(/reboot|`|\.\./);
        expect(text.match(/- name:/g)?.length ?? 0).toBeGreaterThanOrEqual(written.length);
      }),
      { numRuns: 200 },
    );
  });
});
