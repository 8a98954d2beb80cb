import { describe, expect, it } from 'vitest';
import { file, flagsOf, flagsOfLines } from '../../harness/change.ts';

describe('statements of dependencies, configuration and infrastructure', () => {
  it('D5 tells which packages came, went and moved', async () => {
    const manifest = (dependencies: object, devDependencies: object = {}) =>
      JSON.stringify({ name: 'shop', version: '1.0.0', dependencies, devDependencies }, null, 2);
    const flags = await flagsOf({
      'package.json': {
        before: manifest({ express: '^4.18.2', old: '1.0.0' }),
        after: manifest({ express: '^5.0.0', 'left-pad': '1.3.0' }, { vitest: '^4.1.0' }),
      },
    });
    expect(flags.dependencyChanges).toEqual([
      'express ^4.18.2 → ^5.0.0 (major)',
      'adds left-pad 1.3.0',
      'adds vitest ^4.1.0',
      'removes old',
    ]);
  });

  it.each([
    ['Gemfile', 'gem "rails", "~> 7.1"', 'gem "rails", "~> 8.0"', 'rails ~> 7.1 → ~> 8.0 (major)'],
    ['requirements.txt', 'flask==3.0.0', 'flask==3.1.0', 'flask ==3.0.0 → ==3.1.0'],
    [
      'go.mod',
      '\tgithub.com/go-chi/chi/v5 v5.0.1',
      '\tgithub.com/go-chi/chi/v5 v5.1.0',
      'github.com/go-chi/chi/v5 v5.0.1 → v5.1.0',
    ],
    [
      'Cargo.toml',
      'serde = { version = "1.0.1" }',
      'serde = { version = "2.0.0" }',
      'serde 1.0.1 → 2.0.0 (major)',
    ],
    [
      'build.gradle',
      "implementation 'com.google.code.gson:gson:2.10'",
      "implementation 'com.google.code.gson:gson:2.11'",
      'com.google.code.gson:gson 2.10 → 2.11',
    ],
  ])('D5 reads %s', async (path, before, after, statement) => {
    expect((await flagsOfLines(file(path, [after], [before]))).dependencyChanges).toEqual([statement]);
  });

  it('D5 says so when only locked versions changed', async () => {
    expect((await flagsOfLines(file('yarn.lock', ['x'], ['y']))).dependencyChanges).toEqual([
      'changes locked versions only',
    ]);
  });

  it.each<[path: string, before: string, after: string, ...statements: string[]]>([
    [
      'Gemfile.lock',
      'PATH\n  specs:\n    shop (1.0.0)\nGEM\n  specs:\n    rack (3.1.1)\n      base64 (>= 0.1)\n',
      'PATH\n  specs:\n    shop (1.1.0)\nGEM\n  specs:\n    rack (3.1.2)\n      base64 (>= 0.1)\n',
      'rack 3.1.1 → 3.1.2',
    ],
    [
      'Cargo.lock',
      '[[package]]\nname = "shop"\nversion = "1.0.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.1"\nsource = "registry+x"\n',
      '[[package]]\nname = "shop"\nversion = "1.1.0"\n\n[[package]]\nname = "serde"\nversion = "1.0.2"\nsource = "registry+x"\n',
      'serde 1.0.1 → 1.0.2',
    ],
    [
      'Cargo.toml',
      '[package]\nversion = "1.0.0"\n',
      '[package]\nversion = "1.1.0"\nhomepage = "https://a"\n',
    ],
    [
      'Cargo.toml',
      '[target.x.dependencies.jemallocator]\nversion = "0.6.0"\n[dependencies]\na = { path = "a" }\n',
      '[target.x.dependencies.jemallocator]\nversion = "0.7.0"\n[dependencies]\na = { path = "a" }\n',
      'jemallocator 0.6.0 → 0.7.0',
    ],
    [
      'pyproject.toml',
      '[project]\nversion = "1"\ndependencies = [\n  "werkzeug[x]>=2.2.2",\n]\n[tool.ruff]\nselect = ["B"]\n',
      '[project]\nversion = "2"\ndependencies = [\n  "werkzeug[x]>=3.0.0; python_version > \'3\'",\n]\n[tool.ruff]\nselect = ["B", "E"]\n[project.urls]\nDonate = "https://a"\n',
      'werkzeug >=2.2.2 → >=3.0.0 (major)',
    ],
    [
      'pom.xml',
      '<project><groupId>org.shop</groupId><version>1</version><properties>\n<guava.version>32.0</guava.version>\n</properties><dependency><groupId>com.google</groupId><artifactId>guava</artifactId><version>${guava.version}</version></dependency><dependency><groupId>org.shop</groupId><artifactId>cart</artifactId><version>1</version></dependency></project>',
      '<project><groupId>org.shop</groupId><version>2</version><properties>\n<guava.version>33.0</guava.version>\n</properties><dependency><groupId>com.google</groupId><artifactId>guava</artifactId><version>${guava.version}</version></dependency></project>',
      'com.google:guava 32.0 → 33.0 (major)',
    ],
    [
      'go.mod',
      'go 1.21\nrequire (\n\ta.org/x v0.1.0 // indirect\n\tz.org/y v1.0.0\n)',
      'go 1.22\nrequire (\n\ta.org/x v0.2.0 // indirect\n\tz.org/y v1.1.0\n)',
      'go 1.21 → 1.22',
      'z.org/y v1.0.0 → v1.1.0',
      'a.org/x v0.1.0 → v0.2.0',
    ],
  ])('D5 reads the whole of %s, and of it only packages', async (path, before, after, ...statements) => {
    const flags = await flagsOf({ [path]: { before, after } });
    expect(flags.dependencyChanges ?? []).toEqual(statements);
    expect(flags.dependencies ?? false).toBe(statements.length > 0);
  });

  it('D5 tells a moved submodule with both commits', async () => {
    const moved = {
      ...file('vendor/lib', []),
      status: 'modified' as const,
      submodule: true,
      oldBlob: 'abc1234def'.repeat(4),
      newBlob: 'def5678abc'.repeat(4),
    };
    expect((await flagsOfLines(moved)).dependencyChanges).toEqual([
      'moves submodule vendor/lib from abc1234 to def5678',
    ]);
  });

  it.each([
    ['docs/config/server-options.md'],
    ['config/routes.rb'],
    ['packages/vite/src/node/config.ts'],
    ['playground/css/vite.config.ts'],
  ])('D5 takes %s for no setting', async (path) => {
    expect((await flagsOfLines(file(path, ['a'], ['b']))).config).toBeUndefined();
  });

  it('D5 names the file where no line names a setting', async () => {
    expect(
      (await flagsOfLines(file('config/queue.yml', ['threads: 1'], ['threads: 2']))).configChanges,
    ).toEqual(['changes config/queue.yml']);
    expect(
      (await flagsOfLines(file('.github/workflows/ci.yml', ['run: a'], ['run: b']))).infrastructureChanges,
    ).toEqual(['changes .github/workflows/ci.yml']);
  });

  it('D5 names settings and never their values', async () => {
    const { configChanges } = await flagsOfLines(
      file('.env.example', ['REDIS_URL=redis://secret', 'PORT=1'], ['OLD=1', 'PORT=2']),
    );
    expect(configChanges).toEqual([
      'removes variable OLD',
      'adds variable REDIS_URL',
      'changes variable PORT',
    ]);
  });

  it.each([
    ['Dockerfile', 'FROM node:18 AS build', 'FROM node:20 AS build', 'base image node:18 → node:20'],
    [
      'docker-compose.yml',
      '    image: postgres:15',
      '    image: postgres:17',
      'image postgres:15 → postgres:17',
    ],
    [
      '.github/workflows/ci.yml',
      '      - uses: actions/checkout@v3',
      '      - uses: actions/checkout@v4',
      'action actions/checkout:v3 → actions/checkout:v4',
    ],
    [
      '.github/workflows/ci.yml',
      '      - uses: actions/setup-java@f2beeb24e141e01a676f977032f5a29d81c9e27e # v5.1.0',
      '      - uses: actions/setup-java@be666c2fcd27ec809703dec50e508c2fdc7f6654 # v5.2.0',
      'action actions/setup-java:v5.1.0 → actions/setup-java:v5.2.0',
    ],
    ['charts/shop/Chart.yaml', 'appVersion: 1.0.0', 'appVersion: 1.1.0', 'chart appVersion 1.0.0 → 1.1.0'],
    ['charts/shop/values.yaml', 'replicas: 1', 'replicas: 3', 'replicas:1 → replicas:3'],
    [
      'infra/main.tf',
      'resource "aws_s3_bucket" "a" {',
      'resource "aws_sqs_queue" "b" {',
      'adds resource aws_sqs_queue.b',
    ],
  ])('D5 reads %s', async (path, before, after, statement) => {
    expect((await flagsOfLines(file(path, [after], [before]))).infrastructureChanges?.[0]).toBe(statement);
  });

  it('D5 sees a workflow that is moved to where nothing runs it', async () => {
    const moved = {
      ...file('.github/dependabot.yml', []),
      oldPath: '.github/workflows/dependabot.yml',
      status: 'renamed' as const,
    };
    expect((await flagsOfLines(moved)).infrastructure).toBe(true);
  });
});
