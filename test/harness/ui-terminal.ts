import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type BuiltProgram, buildProgram } from './build-program.ts';
import { type OpenOptions, openTerminal, type RealTerminal } from './terminal.ts';

/**
 * The screen over an engine that plays a story, in a real terminal: built once for the tests around it, closed after each.
 * The first argument names the story, as `ui-program.ts` lists them.
 */
export function uiTerminals(): (args: readonly string[], options?: OpenOptions) => RealTerminal {
  let program: BuiltProgram;
  let terminal: RealTerminal | undefined;
  beforeAll(async () => {
    program = await buildProgram(path.join(import.meta.dirname, 'ui-program.ts'));
  });
  afterAll(() => program.remove());
  afterEach(async () => {
    await terminal?.close();
    terminal = undefined;
  });
  return (args, options) => {
    terminal = openTerminal([program.file, ...args], options);
    return terminal;
  };
}
