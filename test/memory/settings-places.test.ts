import { describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { parseSettings } from '../../src/memory/settings-file.ts';

function problem(services: string, production: string): unknown {
  try {
    parseSettings(
      `version: 1\nproject: shop\nservices:\n${services}\nenvironments:\n  production:\n${production}\n`,
      'orchestra.yaml',
    );
    return 'none';
  } catch (error) {
    if (error instanceof OrchestraError) return error.message;
    throw error;
  }
}

const two = '  web: { start: a, depends_on: [api] }\n  api: { start: b }';

describe('T5 several services in orchestra.yaml', () => {
  it.each([
    ['each with a port', two, '    services: { web: { port: 1 }, api: { port: 2 } }', 'none'],
    ['one with the plain port', two, '    port: 1\n    services: { api: { port: 2 } }', 'none'],
    [
      'a smoke test of a service that is none',
      two,
      '    services: { web: { port: 1 }, api: { port: 2 } }\n    smoke: [{ name: home, path: /, service: wbe }]',
      'environments.production.smoke[0].service: there is no service "wbe", did you mean "web"?',
    ],
    [
      'a dependency that is none',
      '  web: { start: a, depends_on: [aip] }\n  api: { start: b }',
      '    services: { web: { port: 1 }, api: { port: 2 } }',
      'services.web.depends_on[0]: there is no service "aip", did you mean "api"?',
    ],
    [
      'a circle',
      '  web: { start: a, depends_on: [api] }\n  api: { start: b, depends_on: [db] }\n  db: { start: c, depends_on: [api] }',
      '    services: { web: { port: 1 }, api: { port: 2 }, db: { port: 3 } }',
      'services.api.depends_on: api → db → api is a circle',
    ],
    ['a port that is missing', two, '    port: 1', 'environments.production.services.api.port: missing'],
    [
      'a port for a service that is none',
      two,
      '    port: 1\n    services: { api: { port: 2 }, apo: { port: 3 } }',
      'environments.production.services.apo: there is no service "apo"',
    ],
    [
      'two regions on one port',
      '  web: { start: a }',
      '    port: 1\n    regions: [{ name: eu }, { name: us }]',
      'environments.production.port: 1 on 127.0.0.1 in the region us is the port of "production.eu" already',
    ],
    [
      'two regions of one name',
      '  web: { start: a }',
      '    port: 1\n    regions: [{ name: eu }, { name: eu, port: 2 }]',
      'environments.production.regions[1].name: "eu" is the name of another region',
    ],
    [
      'names whose addresses are the same variables',
      '  a-b: { start: a }\n  a_b: { start: b }',
      '    services: { a-b: { port: 1 }, a_b: { port: 2 } }',
      'A_B_URL would be the address of "a-b" too',
    ],
    [
      'a missing plain port',
      '  web: { start: a }',
      '    host: 127.0.0.1',
      'environments.production.port: missing',
    ],
    [
      'a pipeline from nowhere',
      '  web: { start: a }',
      '    port: 1\n    after: stagign',
      'environments.production.after: there is no environment "stagign"',
    ],
  ])('%s', (_, services, production, expected) => {
    const found = problem(services, production);
    if (expected === 'none') expect(found).toBe('none');
    else expect(found).toContain(expected);
  });
});
