import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openInbox } from '../../src/memory/inbox.ts';
import { stoppedClock } from '../harness/clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folders = temporaryFolders();

it.skipIf(process.platform === 'win32')('T3 reads requests whatever else stands in the inbox', async () => {
  const folder = folders();
  const problems: string[] = [];
  const inbox = openInbox({
    folder,
    id: '20260131_142500',
    clock: stoppedClock(),
    onProblem: (problem) => problems.push(problem),
  });
  mkdirSync(path.join(folder, 'a-folder.json'));
  symlinkSync('/dev/zero', path.join(folder, 'a-link.json'));
  execFileSync('mkfifo', [path.join(folder, 'a-pipe.json')]);
  writeFileSync(path.join(folder, 'a-broken.json'), '{');
  const request = { id: 'r1', command: { kind: 'pause' }, by: { name: 'Ada', face: 'ui' } } as const;
  await inbox.send(request);
  expect(await inbox.requests()).toEqual([request]);
  expect(problems).toHaveLength(1);
  expect(readdirSync(folder)).not.toContain('a-broken.json');
});
