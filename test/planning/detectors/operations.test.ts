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
    ['Gemfile.lock', '    rack (3.1.1)', '    rack (3.1.2)', 'rack 3.1.1 → 3.1.2'],
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
    expect((await flagsOfLines(file('yarn.lock', ['x']))).dependencyChanges).toEqual([
      'changes locked versions only',
    ]);
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
});
