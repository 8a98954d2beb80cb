import { readdir } from 'node:fs/promises';

const folder = new URL('../../migrations/', import.meta.url);

/**
 * Brings the data to the newest shape and gives the names of the steps that were taken. Safe to run again, and
 * beside servers of the version before: all steps happen in one write, and a step only ever adds.
 */
export async function migrate(store) {
  const files = (await readdir(folder)).filter((name) => /^\d{3}_.*\.js$/.test(name)).sort();
  const steps = await Promise.all(
    files.map(async (name) => ({ name, up: (await import(new URL(name, folder))).up })),
  );
  return store.update((data) => {
    data.migrations ??= [];
    const missing = steps.filter(({ name }) => !data.migrations.includes(name));
    for (const { name, up } of missing) {
      up(data);
      data.migrations.push(name);
    }
    return missing.map(({ name }) => name);
  });
}
