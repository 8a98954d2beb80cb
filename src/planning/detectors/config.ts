import { isLockfile } from '../generated-files.ts';
import type { Detector } from './detector.ts';
import { isInfrastructure } from './infrastructure.ts';
import { isTest } from './tests.ts';

const paths =
  /(?:^|\/)(?:\.env[^/]*|config\/[^/]+(?:\/[^/]+)?|configs?\.[cm]?[jt]s|config\.(?:json|ya?ml|toml|ini|py|rb|php)|[^/]+\.config\.[cm]?[jt]s|settings\.(?:py|json|ya?ml|toml)|appsettings[^/]*\.json|application[^/]*\.(?:properties|ya?ml)|[^/]+\.(?:ini|cfg|conf|properties)|orchestra\.yaml|tsconfig[^/]*\.json|\.(?:npmrc|nvmrc|babelrc|node-version|tool-versions))$/iu;

/** D5: settings the product or its build reads. */
export const config: Detector = {
  name: 'config',
  detect: ({ files }) =>
    files.some(
      ({ path }) => paths.test(path) && !isInfrastructure(path) && !isTest(path) && !isLockfile(path),
    )
      ? { config: true }
      : {},
};
