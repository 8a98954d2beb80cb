import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { init, memoryExcluded, type InitRequest } from '../../../src/faces/cli/init.ts';
import { projectOf } from '../../planning/detect/project-files.ts';

function repository(files: Record<string, string>) {
  const excluded: string[] = [];
  const request: InitRequest = {
    files: projectOf(files),
    folder: 'shop',
    branches: { production: 'main' },
    create: (path, text) => {
      if (path in files) return Promise.resolve(false);
      files[path] = text;
      return Promise.resolve(true);
    },
    exclude: (lines) => {
      excluded.push(...lines);
      return Promise.resolve();
    },
  };
  return { request, files, excluded };
}

describe('init', () => {
  it('C1 writes settings for what it found and says what it created', async () => {
    const { request, files, excluded } = repository({ Procfile: 'web: bin/serve\n' });
    const { created, detected } = await init(request);
    expect(created).toEqual(['orchestra.yaml']);
    expect(detected.start).toBe('bin/serve');
    expect(settingsSchema.parse(parse(files['orchestra.yaml'] ?? '')).project).toBe('shop');
    expect(excluded).toEqual([...memoryExcluded]);
  });

  it('never overwrites: a second run creates nothing and changes nothing', async () => {
    const mine = 'version: 1 # mine\n';
    const { request, files } = repository({ Procfile: 'web: x\n', 'orchestra.yaml': mine, 'a.json': 'mine' });
    const { created } = await init({ ...request, documents: [{ path: 'a.json', text: '{}' }] });
    expect(created).toEqual([]);
    expect(files).toMatchObject({ 'orchestra.yaml': mine, 'a.json': 'mine' });
  });

  it('writes nothing and says what to do where no start command is known and nobody can be asked', async () => {
    const { request, files, excluded } = repository({ 'README.md': '' });
    const failure = await init(request).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OrchestraError);
    expect(failure).toMatchObject({ code: 'no-start-command', exit: 78 });
    expect(Object.keys(files)).toEqual(['README.md']);
    expect(excluded).toEqual([]);
  });

  it('takes the start command a person gives, by flag before by answer', async () => {
    const asked = repository({});
    await init({ ...asked.request, ask: () => Promise.resolve(' bin/ask "$PORT" ') });
    expect(asked.files['orchestra.yaml']).toContain('bin/ask');
    const flagged = repository({ Procfile: 'web: bin/found\n' });
    await init({ ...flagged.request, start: 'bin/flag' });
    expect(settingsSchema.parse(parse(flagged.files['orchestra.yaml'] ?? '')).services['shop']?.start).toBe(
      'bin/flag',
    );
  });
});
