import { destructiveWords } from '../../domain/destructive.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import { candidatePlaces } from '../../domain/places.ts';
import type { Plan } from '../../domain/plan.ts';
import type { Git } from '../../ports/git.ts';
import { failed, type Gate, passed, skipped } from '../gate.ts';
import { isLater, seriesOf } from '../migration-order.ts';

/** Words by which a start, build or hook command is taken to run migrations itself. */
const migrates = /migrat|alembic|flyway|liquibase|sqitch|db push|schema:load|atlas schema/i;

/** How many files are named at most. */
const shown = 5;

/** Migrations have a command that runs them, come after those that ran, and have a person's word where they take data away (REQUIREMENTS G1). */
export const migrations: Gate = {
  id: 'migrations',
  title: 'migrations are ready',
  when: 'before',
  async look({ subject: { plan, source, stable, allowDestructive }, ports }) {
    const paths = migrationsOf(source.features);
    if (paths.length === 0)
      return skipped(
        source.kind === 'version'
          ? 'an existing revision: what it migrates is not known'
          : 'nothing that is shipped changes the schema',
      );
    const command = commandOf(plan);
    if (command === undefined)
      return failed(
        `nothing runs ${listed(paths)}: no service has a command \`migrate\``,
        'name it: services.<name>.migrate in orchestra.yaml, or a hook that migrates',
      );
    if ((plan.destructive?.length ?? 0) > 0 && allowDestructive !== true)
      return failed(
        destructiveWords(plan),
        'ship the code that no longer needs the data first; or say --allow-destructive, which is recorded',
      );
    const early = stable === null ? [] : await outOfOrder(ports.git, stable.sha, paths);
    if (early.length > 0)
      return failed(
        early.map(({ path, after }) => `${path} sorts before ${after}, which ran already`).join('; '),
        'give it a later number on the development branch: most tools refuse or pass over a migration that comes late',
      );
    return passed(
      `${listed(paths)}, run by ${command}${plan.destructive?.length ? '; the word for taking data away was said' : ''}`,
    );
  },
};

function migrationsOf(features: readonly ShippedFeature[]): string[] {
  return [...new Set(features.flatMap(({ flags }) => flags.schema?.paths ?? []))];
}

/** What runs them, in words; undefined where nothing does. */
function commandOf(plan: Plan): string | undefined {
  for (const { service } of candidatePlaces(plan)) {
    if (service.migrate !== undefined) return service.migrate;
    const own = [service.start, service.build].find((text) => text !== undefined && migrates.test(text));
    if (own !== undefined) return own;
  }
  for (const action of plan.actions ?? [])
    if (action.kind === 'hook' && migrates.test(action.run)) return action.run;
  return undefined;
}

/** New numbered migrations that would run after one with a higher number did. */
async function outOfOrder(
  git: Git,
  stable: string,
  paths: readonly string[],
): Promise<{ path: string; after: string }[]> {
  const numbered = paths
    .map((path) => ({ path, ...seriesOf(path) }))
    .filter(({ name }) => name !== undefined);
  const late: { path: string; after: string }[] = [];
  for (const dir of new Set(numbered.map((file) => file.dir))) {
    const listing = await git.run(['ls-tree', '--name-only', '-z', `${stable}:${dir}`], { accept: [0, 128] });
    // The folder is new: nothing ran from it.
    if (listing.exitCode !== 0) continue;
    const there = listing.stdout
      .toString('utf8')
      .split('\0')
      .filter((name) => seriesOf(`/${name}`).name);
    const last = there.toSorted((a, b) => (isLater(a, b) ? 1 : -1)).at(-1);
    for (const { path, name } of numbered.filter((file) => file.dir === dir))
      if (last !== undefined && name !== undefined && !there.includes(name) && isLater(last, name))
        late.push({ path, after: last });
  }
  return late.slice(0, shown);
}

function listed(paths: readonly string[]): string {
  const more = paths.length - shown;
  return `${paths.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
