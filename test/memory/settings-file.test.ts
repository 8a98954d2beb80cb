import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { strategyNameSchema } from '../../src/domain/settings.ts';
import { parseSettings, readSettings } from '../../src/memory/settings-file.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();

const good = `version: 1
project: shop
services:
  web:
    start: node server.js
    variables: { TOKEN: hunter2 }
environments:
  production:
    port: 8080
    strategy: canary
suites:
  - name: unit
    run: npm test
    timeout: 2m
`;

function refused(text: string): OrchestraError {
  try {
    parseSettings(text, 'orchestra.yaml');
  } catch (error) {
    if (error instanceof OrchestraError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('parseSettings', () => {
  it('E1 reads what a person writes, with defaults and durations in milliseconds', () => {
    const settings = parseSettings(good, 'orchestra.yaml');
    expect(settings.suites[0]?.timeout).toBe(120_000);
    expect(settings.environments['production']?.canary.steps).toEqual([5, 25, 50, 100]);
  });

  it.each([
    [
      'a mistyped key',
      good.replace('strategy:', 'strategey:'),
      'orchestra.yaml:10: environments.production.strategey: unknown key, did you mean "strategy"?',
    ],
    [
      'an unknown key that is like no other',
      good.replace('project:', 'zzzzzzzz: 1\nproject:'),
      'orchestra.yaml:2: zzzzzzzz: unknown key; known here: version, project, branches, services, environments, suites, testing, signing, selection',
    ],
    [
      'an unknown strategy',
      good.replace('canary', 'cannary'),
      `orchestra.yaml:10: environments.production.strategy: "cannary" is not known; one of ${strategyNameSchema.options.join(', ')}, did you mean "canary"?`,
    ],
    [
      'a wrong duration',
      good.replace('2m', 'soon'),
      'orchestra.yaml:14: suites[0].timeout: "soon" is not right; expected a duration such as 30s, 5m or 1h',
    ],
    [
      'a missing key',
      good.replace('    start: node server.js\n', ''),
      'orchestra.yaml:4: services.web.start: missing; expected string',
    ],
    [
      'a port that is none',
      good.replace('8080', '80800'),
      'orchestra.yaml:9: environments.production.port: 80800 is not right; Too big: expected number to be <=65535',
    ],
    ['a file that is empty', '', 'orchestra.yaml: version: missing; expected 1'],
    ['a list', '- 1\n', 'orchestra.yaml:1: [1] is not right; expected object, received array'],
    ['two equal keys', `${good}version: 1\n`, 'orchestra.yaml:15: Map keys must be unique'],
    [
      'text that is no YAML',
      'a: [1,\n',
      'orchestra.yaml:2: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    [
      'two suites of one name',
      good.replace('suites:\n', 'suites:\n  - { name: unit, run: make }\n'),
      'orchestra.yaml: suites[1].name: "unit" is the name of another suite',
    ],
    [
      'two environments on one port',
      good.replace('suites:', '  staging: { port: 8080 }\nsuites:'),
      'orchestra.yaml: environments.staging.port: 8080 on 127.0.0.1 is the port of "production" already',
    ],
    [
      'a pattern that does not compile',
      `${good}selection: { must_include: ["("] }\n`,
      'orchestra.yaml: selection.must_include[0]: "(" is no regular expression',
    ],
    [
      'a name that cannot be one',
      good.replace('  production:', '  "Pro duction":'),
      'orchestra.yaml:8: environments.Pro duction: "Pro duction" cannot be a name here',
    ],
  ])('E1 says of %s where it is, its value, and what was meant', (_, text, message) => {
    const error = refused(text);
    expect(error.message.slice(0, message.length)).toBe(message);
    expect(error).toMatchObject({ code: 'bad-config', exit: 78 });
  });

  it('lists every problem, not only the first', () => {
    const error = refused(good.replace('strategy:', 'strategey:').replace('timeout:', 'time_out:'));
    expect(error.message).toMatch(/\(and 1 more\)$/);
    expect(error.hint).toContain('suites[0].time_out: unknown key, did you mean "timeout"?');
    expect(error.details?.['problems']).toHaveLength(2);
  });

  it('E3 never prints what stands under variables', () => {
    const error = refused(good.replace('hunter2', '[hunter2]'));
    expect(JSON.stringify([error.message, error.hint, error.details])).not.toContain('hunter2');
    expect(error.message).toContain('services.web.variables.TOKEN');
  });

  it('keeps control sequences out of its messages', () => {
    const error = refused(good.replace('canary', '"\\e]0;evil\\a"'));
    expect(error.message).not.toMatch(/\p{Cc}/u);
  });

  const bomb = Array.from({ length: 9 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [x, x, x]'
      : `a${i}: &a${i} [${Array.from({ length: 9 }, () => `*a${i - 1}`).join(', ')}]`,
  ).join('\n');
  it.each([
    ['an alias bomb', bomb],
    ['an alias bomb of a hundred aliases', `${bomb.split('\n').slice(0, 6).join('\n')}\n`],
    ['a hundred thousand brackets', '['.repeat(100_000)],
    ['forty levels', `${'a: {'.repeat(40)}${'}'.repeat(40)}`.replaceAll('a: {a', 'a: { a')],
    ['two million bytes', `# ${'x'.repeat(2_000_000)}`],
    ['a key that reaches for the prototype', `${good}__proto__: { polluted: 1 }\n`],
  ])('refuses %s', (_, text) => {
    expect(refused(text).code).toBe('bad-config');
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('readSettings', () => {
  it('says how to get a file where there is none', async () => {
    await expect(readSettings(folder())).rejects.toMatchObject({
      code: 'no-config',
      exit: 78,
      hint: expect.stringContaining('orchestrate init'),
    });
  });

  it('reads the file of a folder, and refuses a folder of that name', async () => {
    const root = folder();
    writeFileSync(path.join(root, 'orchestra.yaml'), good);
    expect((await readSettings(root)).project).toBe('shop');
    const other = folder();
    mkdirSync(path.join(other, 'orchestra.yaml'));
    await expect(readSettings(other)).rejects.toMatchObject({ code: 'bad-config', exit: 78 });
  });
});
