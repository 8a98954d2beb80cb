import { whyNoProgram } from '../../providers/routers/nginx/program.ts';
import { openNginx } from '../harness/nginx-router.ts';
import { withProgram } from '../harness/programs.ts';
import { routerContract } from './router.ts';

withProgram('nginx', await whyNoProgram(), () => routerContract('the nginx router', openNginx));
