import { OrchestraError, exitCode } from '../../domain/errors.ts';
import { detectProject } from '../../planning/detect/detect.ts';
import type { Detection } from '../../planning/detect/detection.ts';
import { writeSettings } from '../../planning/detect/write-settings.ts';
import type { ProjectFiles } from '../../ports/project.ts';

/**
 * What git is to leave alone: the whole memory. Each deployment rewrites parts of it, so that tracked, a checkout of
 * another branch would be refused, or would take the history away with it.
 */
export const memoryExcluded = ['/deployment_memory/'] as const;

const settingsFile = 'orchestra.yaml';

export interface InitRequest {
  files: ProjectFiles;
  /** The name of the project's folder, for a project that does not name itself. */
  folder: string;
  branches: { production?: string; development?: string };
  /** A start command the user gave, stronger than what is found. */
  start?: string;
  /** Asks a person; absent where nobody can be asked. */
  ask?: (question: string) => Promise<string>;
  /** Documents of the memory to begin with. */
  documents?: readonly { path: string; text: string }[];
  /** Creates a file below the root; false, and nothing written, when it exists. */
  create: (path: string, text: string) => Promise<boolean>;
  /** Adds those lines to `.git/info/exclude` that it does not hold yet. */
  exclude: (lines: readonly string[]) => Promise<void>;
}

export interface Initialised {
  /** Paths below the root; empty when all was there already. */
  created: string[];
  detected: Detection;
}

async function startCommand(request: InitRequest, detection: Detection): Promise<string> {
  const known = request.start?.trim() || detection.start;
  if (known) return known;
  const answer = (await request.ask?.('Which command starts the application?'))?.trim();
  if (answer) return answer;
  throw new OrchestraError(
    'no-start-command',
    `no file of this ${detection.stack} project says which command starts the application`,
    {
      exit: exitCode.config,
      hint: 'Say it: orchestrate init --start "COMMAND". The command gets its port in the variable PORT.',
      details: { evidence: detection.evidence },
    },
  );
}

/**
 * Sets a repository up: looks at the project and writes a commented `orchestra.yaml` and the memory's first documents.
 * What exists is never changed. Throws code `no-start-command` (78), before anything is written, where no start
 * command is found, given or answered.
 */
export async function init(request: InitRequest): Promise<Initialised> {
  const detection = await detectProject(request.files);
  const present = (await request.files.read(settingsFile)) !== undefined;
  const created: string[] = [];
  const detected = { ...detection };
  if (!present) {
    const start = await startCommand(request, detection);
    detected.start = start;
    // A command that names $PORT is told its port by PORT, whatever else was found.
    const portEnv = /\$\{?PORT\b/.test(start) ? { name: 'PORT', sure: true } : detection.portEnv;
    detected.portEnv = portEnv;
    const text = writeSettings({
      name: request.folder,
      branches: request.branches,
      detection: { ...detected, start },
    });
    if (await request.create(settingsFile, text)) created.push(settingsFile);
  }
  for (const { path, text } of request.documents ?? []) {
    if (await request.create(path, text)) created.push(path);
  }
  await request.exclude(memoryExcluded);
  return { created, detected };
}
