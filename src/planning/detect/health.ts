import type { Evidence } from './detection.ts';
import type { Project } from './project.ts';

/** Names of health routes, the most telling first; the first that is found anywhere wins. */
const names = ['healthz', 'health', 'readyz', 'livez', 'ready', 'status', 'ping'];

/** A route as code writes it: `'/healthz'`, `"GET /api/health"`, Django's and Rails' `'healthz/'` after path( or get. */
const route = new RegExp(
  `(?:["'\`](?:GET )?(/(?:[\\w-]+/){0,2})|(?:\\bpath|\\bre_path|\\bget)\\s*\\(?\\s*r?["']\\^?)(${names.join('|')})(/?)\\$?["'\`]`,
  'g',
);

/** The path of a health route in the project's own sources; undefined when none is found. */
export async function findHealth(
  project: Project,
  sources: RegExp,
): Promise<{ path: string; evidence: Evidence } | undefined> {
  let best: { path: string; evidence: Evidence; order: number } | undefined;
  for (const file of project.sources(sources)) {
    for (const [, before = '/', name = '', slash = ''] of (await project.text(file)).matchAll(route)) {
      const order = names.indexOf(name);
      if (best && best.order <= order) continue;
      const path = `${before}${name}${slash}`;
      best = { path, order, evidence: { what: `${path} says whether it is healthy`, from: file } };
    }
    if (best?.order === 0) break;
  }
  return best;
}
