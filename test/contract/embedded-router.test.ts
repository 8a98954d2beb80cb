import { openEmbedded } from '../harness/embedded-router.ts';
import { routerContract } from './router.ts';

routerContract('the embedded router', openEmbedded);
