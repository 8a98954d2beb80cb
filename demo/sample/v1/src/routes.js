import { readdir } from 'node:fs/promises';

const folder = new URL('./routes/', import.meta.url);

/** The routes of every file in `routes/`, in the order of the file names. */
export async function loadRoutes(context) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js')).sort();
  const modules = await Promise.all(files.map((name) => import(new URL(name, folder))));
  return modules.flatMap(({ routes }) => routes(context));
}
