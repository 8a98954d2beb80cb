import { createServer } from 'node:http';
import { failureOf, readJson, send } from './http.js';
import { findRoute } from './router.js';
import { loadRoutes } from './routes.js';

async function answer(routes, request) {
  const url = new URL(request.url ?? '/', 'http://shop');
  const { route, params } = findRoute(routes, request.method, url.pathname);
  const body = request.method === 'GET' ? undefined : await readJson(request);
  return route.handle({ request, params, body, query: url.searchParams });
}

/** The shop as an HTTP server that does not listen yet. */
export async function createApp(context) {
  const routes = await loadRoutes(context);
  return createServer(async (request, response) => {
    try {
      send(response, await answer(routes, request));
    } catch (error) {
      send(response, failureOf(error, request));
    }
  });
}
