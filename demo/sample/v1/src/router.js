import { HttpError } from './http.js';

function match(pattern, path) {
  const expected = pattern.split('/');
  const actual = path.split('/');
  if (expected.length !== actual.length) return undefined;
  const params = {};
  for (const [i, part] of expected.entries()) {
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(actual[i]);
    else if (part !== actual[i]) return undefined;
  }
  return params;
}

/** The route for a request with the values of its `:parameters`; throws 404 when there is none. */
export function findRoute(routes, method, path) {
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = match(route.path, path);
    if (params) return { route, params };
  }
  throw new HttpError(404, `there is nothing at ${path}`);
}
