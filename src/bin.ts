import path from 'node:path';
import { runCompiled } from './code-cache.ts';

runCompiled(path.join(import.meta.dirname, 'main.js'));
