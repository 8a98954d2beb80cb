import path from 'node:path';
import { failed, passed, skipped, warning, type Finding } from '../../domain/check.ts';
import type { Machine } from '../../ports/machine.ts';
import type { Check } from './doctor.ts';

const megabyte = 1024 * 1024;

/** Less than this left, in bytes: a deployment's work tree, install and logs need more (failed), or soon will (warning). */
const tooLittle = 200 * megabyte;
const little = 1024 * megabyte;

/** How long folders may be added up, in milliseconds, each. */
const addingMs = 400;

/** The folders of a repository's running parts that grow. */
const growing = ['logs', 'cache', 'env', 'installs', 'trees'];

/** Where running parts and the memory lie: whether they can be written, and what is left on their disks. */
export function placeChecks(machine: Machine, stateDir: string, memoryDir: string): Check[] {
  return [
    {
      id: 'state.folder',
      title: 'State folder',
      async run() {
        if (!(await machine.writable(stateDir)))
          return failed(
            `${stateDir} cannot be written`,
            'Check its rights, or name another in ORCHESTRA_STATE_DIR.',
          );
        const sizes = await Promise.all(
          growing.map(async (name) => ({
            name,
            ...(await machine.sizeOf(path.join(stateDir, name), addingMs)),
          })),
        );
        const told = sizes
          .filter(({ bytes }) => bytes >= megabyte)
          .map(({ name, bytes, whole }) => `${name} ${whole ? '' : 'over '}${inWords(bytes)}`);
        return passed([stateDir, ...told].join(', '));
      },
    },
    {
      id: 'disk.space',
      title: 'Disk space',
      async run() {
        return Promise.all([
          space(machine, 'the memory', memoryDir),
          space(machine, 'the state folder', stateDir),
        ]);
      },
    },
  ];
}

async function space(machine: Machine, what: string, folder: string): Promise<Finding> {
  const free = await machine.freeBytes(folder).catch(() => undefined);
  if (free === undefined) return skipped(`how much is left for ${what} cannot be seen`);
  const words = `${inWords(free)} left for ${what}`;
  if (free < tooLittle)
    return failed(
      words,
      `Make room on the disk of ${folder}: a deployment would fail, and a full disk cannot be written to.`,
    );
  return free < little
    ? warning(words, `Make room on the disk of ${folder} before the next deployment.`)
    : passed(words);
}

function inWords(bytes: number): string {
  return bytes >= 1024 * megabyte
    ? `${(bytes / (1024 * megabyte)).toFixed(1)} GB`
    : `${Math.round(bytes / megabyte)} MB`;
}
