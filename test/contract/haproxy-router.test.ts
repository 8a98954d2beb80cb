import { whyNoProgram } from '../../providers/routers/haproxy/program.ts';
import { openHaproxy } from '../harness/haproxy-router.ts';
import { withProgram } from '../harness/programs.ts';
import { routerContract } from './router.ts';

withProgram('haproxy', await whyNoProgram(), () => routerContract('the HAProxy router', openHaproxy));
