import { environmentOf } from '../../../src/domain/place-key.ts';
import type { PlatformRequest } from '../../../src/ports/platform.ts';
import { fillVariables, minimalEnvironment } from '../../runtime/environment.ts';
import type { VersionPaths } from './layout.ts';

/**
 * The whole environment of a version: a minimal one, the service's variables, the environment's (these win), its port
 * and what Orchestra tells it. Throws code `missing-variable`.
 */
export function serviceEnvironment(
  request: PlatformRequest,
  paths: VersionPaths,
  port: number,
): Record<string, string> {
  const { service, environment, version } = request;
  const own = {
    [service.portEnv]: String(port),
    ORCHESTRA_VERSION: version.sha,
    ORCHESTRA_ENVIRONMENT: environmentOf(environment),
    ORCHESTRA_SERVICE: service.name,
    ...paths.mark,
  };
  const variables = { ...service.variables, ...request.variables };
  return { ...minimalEnvironment(process.env), ...fillVariables(variables, own, process.env), ...own };
}
