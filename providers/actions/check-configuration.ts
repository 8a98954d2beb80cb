import { createServer } from 'node:net';
import { messageOf } from '../../src/domain/errors.ts';
import { fillVariables } from '../runtime/environment.ts';
import type { Doing, Finding } from './actions.ts';

/** Every `${NAME}` of the service is set, and the router's port is free, where it does not listen there already. */
export async function checkConfiguration({ context, environment }: Doing): Promise<Finding> {
  const { service, variables, router } = context;
  const own = {
    [service.portEnv]: '0',
    ORCHESTRA_VERSION: '',
    ORCHESTRA_ENVIRONMENT: '',
    ORCHESTRA_SERVICE: '',
    ORCHESTRA_DATA_DIR: '',
  };
  const all = { ...service.variables, ...variables };
  const problems: string[] = [];
  for (const [name, written] of Object.entries(all)) {
    try {
      fillVariables({ [name]: written }, own, environment);
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  const taken = router.alive ? undefined : await whyTaken(router);
  if (taken !== undefined) problems.push(taken);
  if (problems.length > 0) return { passed: false, detail: problems.join('; ') };
  const count = Object.keys(all).length;
  return {
    passed: true,
    detail: `${count === 0 ? 'no variables are needed' : `${count} of ${count} variables have a value`}, port ${router.port} is ${router.alive ? 'the router’s' : 'free'}`,
  };
}

/** Why nothing can listen there; undefined where it can. */
function whyTaken({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve(`the router cannot have port ${port} of ${host}: ${error.message}`),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
