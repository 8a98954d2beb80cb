import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HttpError } from '../http.js';

const folder = fileURLToPath(new URL('../../public/', import.meta.url));
const types = { '.css': 'text/css', '.svg': 'image/svg+xml' };

/** The files of `public/`. */
export function routes() {
  return [
    {
      method: 'GET',
      path: '/assets/:file',
      handle: async ({ params }) => {
        const file = path.join(folder, params.file);

        const text = await readFile(file, 'utf8').catch(() => {
          throw new HttpError(404, `there is no ${params.file}`);
        });
        return { status: 200, text, type: types[path.extname(file)] ?? 'text/plain' };
      },
    },
  ];
}
