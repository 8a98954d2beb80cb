import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { settingsSchema } from '../../../src/domain/settings.ts';
import type { Detection } from '../../../src/planning/detect/detection.ts';
import { serviceName, writeSettings } from '../../../src/planning/detect/write-settings.ts';

const detection: Detection & { start: string } = {
  stack: 'node',
  name: 'shop',
  install: 'npm ci',
  start: 'npm run start',
  migrate: 'npm run migrate',
  test: 'npm test',
  health: { path: '/healthz', guessed: false },
  port: 3000,
  portEnv: { name: 'PORT', sure: true },
  evidence: [{ what: 'the script "start" starts it', from: 'package.json' }],
};

const write = (changes: Partial<Detection & { start: string }> = {}, name = 'folder') =>
  writeSettings({
    name,
    branches: { production: 'main', development: 'dev' },
    detection: { ...detection, ...changes },
  });

describe('writeSettings', () => {
  it('writes settings that parse to what was found', () => {
    const settings = settingsSchema.parse(parse(write()));
    expect(settings.services['shop']).toMatchObject({
      install: 'npm ci',
      start: 'npm run start',
      migrate: 'npm run migrate',
      port_env: 'PORT',
      health: { path: '/healthz' },
    });
    expect(settings.environments['production']).toMatchObject({ platform: 'local', port: 3000 });
    expect(settings.suites).toMatchObject([{ name: 'unit', run: 'npm test' }]);
    expect(settings.branches).toEqual({ production: 'main', development: 'dev' });
  });

  it('E1 writes production only, and says where each choice was found', () => {
    const text = write();
    expect(Object.keys(settingsSchema.parse(parse(text)).environments)).toEqual(['production']);
    expect(text).toContain('# Found: node');
    expect(text).toContain('the script "start" starts it (package.json)');
  });

  it('says so where the health path and the port are guesses, and where nothing tests the project', () => {
    const { test: _test, ...untested } = detection;
    const text = writeSettings({
      name: 'x',
      branches: {},
      detection: {
        ...untested,
        health: { path: '/', guessed: true },
        portEnv: { name: 'PORT', sure: false },
      },
    });
    expect(text).toContain('No health route was found');
    expect(text).toContain('No source was found that reads it');
    expect(text).toContain('No test command was found');
    expect(settingsSchema.parse(parse(text)).suites).toEqual([]);
  });

  it('never asks for a port that needs root', () => {
    const settings = settingsSchema.parse(parse(write({ port: 80 })));
    expect(settings.environments['production']?.port).toBe(8080);
  });

  it('writes settings that parse, whatever commands, names and evidence a project brings', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary', minLength: 1 }),
        fc.string({ unit: 'binary' }),
        (start, name, from) => {
          const text = write({ start, name, evidence: [{ what: from, from: name }] });
          const service = Object.values(settingsSchema.parse(parse(text)).services)[0];
          expect(service?.start).toBe(start);
        },
      ),
    );
  });

  it.each([
    ['My Shop!', 'my-shop'],
    ['__x', 'x'],
    ['日本語', 'app'],
  ])('makes a service name of %s', (name, expected) => {
    expect(serviceName(name)).toBe(expected);
  });
});
