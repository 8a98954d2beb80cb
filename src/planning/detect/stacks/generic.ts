import { z } from 'zod';
import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** Whether a command line taken from a file is one plain line, fit to be shown and written down. */
function isPlain(line: string): boolean {
  return line.length > 0 && line.length < 1000 && /^[^\p{C}]*$/u.test(line);
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The last CMD of a Dockerfile as a shell line; a lone ENTRYPOINT counts as one. */
function commandOf(dockerfile: string): string | undefined {
  const lines = dockerfile.replaceAll(/\\\r?\n/g, ' ').split(/\r?\n/);
  const last = (word: string) =>
    lines.findLast((line) => new RegExp(`^\\s*${word}\\s`, 'i').test(line))?.replace(/^\s*\w+\s+/, '');
  const line = last('CMD') ?? last('ENTRYPOINT');
  if (line === undefined) return undefined;
  if (!line.trim().startsWith('[')) return line.trim();
  try {
    return z.array(z.string()).parse(JSON.parse(line)).map(quoted).join(' ');
  } catch {
    return undefined;
  }
}

/** A Makefile's targets of these names, the first that exists. */
function target(makefile: string, names: readonly string[]): string | undefined {
  return names.find((name) => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(makefile));
}

/** What any stack may say: a Procfile, a Makefile, a Dockerfile. Fills in what the stack's own files leave open. */
export async function detectGeneric(project: Project): Promise<StackFindings | undefined> {
  const evidence: Evidence[] = [];
  const commands: Commands = {};
  const take = (key: keyof Commands, line: string | undefined, from: string, what: string) => {
    if (commands[key] !== undefined || line === undefined || !isPlain(line)) return;
    commands[key] = line;
    evidence.push({ what, from });
  };

  const procfile = await project.text('Procfile');
  take('start', /^web:\s*(.+?)\s*$/m.exec(procfile)?.[1], 'Procfile', 'the process "web"');
  take('migrate', /^release:\s*(.+?)\s*$/m.exec(procfile)?.[1], 'Procfile', 'the process "release"');

  const makePath = project.first('Makefile', 'GNUmakefile', 'makefile');
  if (makePath) {
    const makefile = await project.text(makePath);
    const make = (names: readonly string[]) => {
      const found = target(makefile, names);
      return found && `make ${found}`;
    };
    take('start', make(['serve', 'start', 'run']), makePath, 'a target that starts it');
    take('build', make(['build']), makePath, 'the target "build"');
    take('test', make(['test', 'check']), makePath, 'a target that tests it');
    take('migrate', make(['migrate', 'db-migrate']), makePath, 'a target that migrates');
  }
  const docker = project.first('Dockerfile', 'Containerfile');
  if (docker) take('start', commandOf(await project.text(docker)), docker, 'the command of the image');

  if (evidence.length === 0) return undefined;
  return {
    stack: 'generic',
    claim: 1,
    ...commands,
    sources: /\.(c|cc|cpp|clj|cr|dart|ex|exs|erl|hs|lua|ml|nim|pl|scala|sh|swift|zig)$/,
    usualPort: 8080,
    evidence,
  };
}
