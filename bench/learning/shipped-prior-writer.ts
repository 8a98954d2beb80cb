import { writeFile } from 'node:fs/promises';
import type { ChangePrior } from '../../src/domain/risk/change-prior.ts';
import { openApart } from '../apart.ts';
import { nameOf, readOptions } from '../options.ts';
import { jitFolder, readProjects, type Project } from './jit-data.ts';
import { makePrior } from './make-prior.ts';
import { readRepository } from './repository-changes.ts';

/** Makes the prior that ships, of the open data and of the git histories named on the command line. */
async function main(args: readonly string[]): Promise<void> {
  const { options, wrong } = readOptions(args);
  if (wrong !== undefined) throw new Error(wrong);
  const { repositories, data = jitFolder } = options;
  const projects: Project[] = await readProjects(data);
  for (const repository of repositories) {
    const { git, remove } = await openApart(repository);
    try {
      projects.push({ name: nameOf(repository), changes: await readRepository(git, 'HEAD') });
    } finally {
      await remove();
    }
  }
  if (projects.length === 0) throw new Error(`no data in ${data} and no repository named`);
  const changes = projects.reduce((sum, project) => sum + project.changes.length, 0);
  const names = projects.map(({ name }) => name.replace(/^.*\+/u, ''));
  const said = `${changes.toLocaleString('en-US')} changes of ${names.length} projects`;
  await writeFile(
    'src/domain/risk/shipped-prior.ts',
    textOf(makePrior(projects.map((one) => one.changes)), names, said),
  );
  process.stdout.write(`${said}\n`);
}

function textOf(prior: ChangePrior, names: readonly string[], said: string): string {
  const fields = Object.entries(prior).map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`);
  return [
    "import type { ChangePrior } from './change-prior.ts';",
    '',
    '/** The projects it is made of: what it says of them proves nothing. */',
    `export const shippedFrom: readonly string[] = ${JSON.stringify(names)};`,
    '',
    `/** Written by \`node scripts/change-prior.mjs\`, of ${said}. */`,
    'export const shippedPrior: ChangePrior = {',
    ...fields,
    '};',
    '',
  ].join('\n');
}

void main(process.argv.slice(2));
