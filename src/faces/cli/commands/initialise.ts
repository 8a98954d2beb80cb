import { exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { GlobalOptions, Shell } from '../context.ts';
import { init } from '../init.ts';
import type { Output } from '../output.ts';

/** `init`: looks at the project, writes what is missing, says what it found and where. */
export async function initialise(
  output: Output,
  global: GlobalOptions,
  shell: Shell,
  options: { start?: string },
): Promise<number> {
  const project = await shell.openProject(global.C ?? shell.cwd);
  const { created, detected } = await init({
    ...project,
    ...(options.start === undefined ? {} : { start: options.start }),
    ...(global.input && global.yes !== true && shell.ask ? { ask: shell.ask } : {}),
  });
  output.data({ created, detected });
  output.text(
    [
      created.length > 0
        ? `wrote ${created.join(', ')}`
        : 'everything was there already; nothing was changed',
      detected.stack === 'unknown' ? 'a project of no known kind' : `a ${detected.stack} project`,
      ...detected.evidence.map((e) => `  ${e.what}  (${e.from})`),
      'Read orchestra.yaml, then run `orchestrate`.',
    ].map((line) => safeText(line, 300)),
  );
  return exitCode.done;
}
