import { openEmbedded } from '../harness/embedded-router.ts';
import { cohortContract } from './router-cohorts.ts';
import { routerContract } from './router.ts';

routerContract('the embedded router', openEmbedded);
cohortContract('the embedded router', openEmbedded);
