import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { personalFile, personalPath } from '../../../providers/runtime/personal-file.ts';
import { temporaryFolders } from '../../harness/folder.ts';

const folder = temporaryFolders();

/** A folder for configuration with that text in the person's file. */
function written(text: string): { env: NodeJS.ProcessEnv; file: string } {
  const config = folder();
  const file = path.join(config, 'orchestra', 'terminal.json');
  mkdirSync(path.dirname(file));
  writeFileSync(file, text);
  return { env: { XDG_CONFIG_HOME: config }, file };
}

describe('what a person chose for their terminal', () => {
  it('stands in the configuration folder, else below home; a relative folder does not count', () => {
    expect(personalPath({ XDG_CONFIG_HOME: '/c', HOME: '/h' })).toBe('/c/orchestra/terminal.json');
    expect(personalPath({ XDG_CONFIG_HOME: 'c', HOME: '/h' })).toBe('/h/.config/orchestra/terminal.json');
    expect(personalPath({ HOME: '/h' })).toBe('/h/.config/orchestra/terminal.json');
    expect(personalPath({})).toBeUndefined();
  });

  it('is kept from one time to the next, beside fields it does not know', () => {
    const { env, file } = written('{"schema":"orchestra/terminal@1","later":{"a":1},"theme":"light"}');
    expect(personalFile(env).read()).toEqual({ theme: 'light' });
    expect(personalFile(env).keep({ tourSeen: true, mouse: true })).toBe(true);
    expect(personalFile(env).read()).toEqual({ theme: 'light', tourSeen: true, mouse: true });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      schema: 'orchestra/terminal@1',
      later: { a: 1 },
      theme: 'light',
      tourSeen: true,
      mouse: true,
    });
    expect(readdirSync(path.dirname(file))).toEqual(['terminal.json']);
  });

  it('is made with its folder where there is none', () => {
    const config = path.join(folder(), 'new');
    const file = personalFile({ XDG_CONFIG_HOME: config });
    expect(file.read()).toEqual({});
    expect(file.keep({ tourSeen: true })).toBe(true);
    expect(file.read()).toEqual({ tourSeen: true });
  });

  it.each([
    'not json',
    '[]',
    'null',
    '"text"',
    '',
    '{"tourSeen":"yes","mouse":1,"theme":{}}',
    `{"theme":"${'x'.repeat(41)}"}`,
    ' '.repeat(70_000),
    '{"__proto__":{"tourSeen":true}}',
  ])('counts for nothing where it is broken, and can be kept again: %.30s', (text) => {
    const { env } = written(text);
    expect(personalFile(env).read()).toEqual({});
    expect(personalFile(env).keep({ mouse: true })).toBe(true);
    expect(personalFile(env).read()).toEqual({ mouse: true });
  });

  it('stays where a link leads', () => {
    const { env, file } = written('{}');
    const real = path.join(folder(), 'dotfiles.json');
    writeFileSync(real, '{"mouse":true}');
    execFileSync('rm', [file]);
    symlinkSync(real, file);
    expect(personalFile(env).keep({ tourSeen: true })).toBe(true);
    expect(JSON.parse(readFileSync(real, 'utf8'))).toMatchObject({ mouse: true, tourSeen: true });
    expect(realpathSync(file)).toBe(realpathSync(real));
  });

  it('replaces nothing else that a link leads to: a text of somebody’s, a device, a pipe', () => {
    const { env, file } = written('{}');
    const other = path.join(folder(), 'other');
    const linked = () => {
      execFileSync('rm', ['-f', file]);
      symlinkSync(other, file);
      return personalFile(env).keep({ tourSeen: true });
    };
    writeFileSync(other, 'not json');
    expect(linked()).toBe(false);
    expect(readFileSync(other, 'utf8')).toBe('not json');
    execFileSync('rm', [other]);
    execFileSync('mkfifo', [other]);
    expect(linked()).toBe(false);
    expect(lstatSync(other).isFIFO()).toBe(true);
  });

  it('harms nothing where it cannot be read or written: a pipe, a folder, a file in the way', () => {
    const { env, file } = written('{}');
    execFileSync('rm', [file]);
    execFileSync('mkfifo', [file]);
    expect(personalFile(env).read()).toEqual({});
    execFileSync('rm', [file]);
    mkdirSync(path.join(file, 'inside'), { recursive: true });
    expect(personalFile(env).read()).toEqual({});
    expect(personalFile(env).keep({ tourSeen: true })).toBe(false);
    const config = path.join(folder(), 'config');
    writeFileSync(config, '');
    chmodSync(config, 0o400);
    expect(personalFile({ XDG_CONFIG_HOME: config }).keep({ tourSeen: true })).toBe(false);
    expect(personalFile({}).keep({ tourSeen: true })).toBe(false);
  });
});
