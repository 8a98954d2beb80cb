import type { ProjectFiles } from '../../ports/project.ts';
import type { Commands, Detection, StackFindings } from './detection.ts';
import { findHealth } from './health.ts';
import { findSuites } from './find-suites.ts';
import { findPort } from './port.ts';
import { Project } from './project.ts';
import { stackDetectors } from './stacks.ts';
import { detectGeneric } from './stacks/generic.ts';

const kinds = ['install', 'build', 'start', 'migrate', 'test'] as const;

/** What is known of a project that no detector recognises. */
const unknown: StackFindings = {
  stack: 'unknown',
  claim: 1,
  sources: /\.(js|ts|py|rb|go|rs|php|java|kt|cs)$/,
  usualPort: 8080,
  evidence: [],
};

/**
 * Reads how a project is installed, built, started, migrated, tested and asked for its health, each with the file that
 * says so. A command that no file gives is absent: nothing is made up.
 */
export async function detectProject(files: ProjectFiles): Promise<Detection> {
  const project = await Project.open(files);
  const found = (await Promise.all(stackDetectors.map((detect) => detect(project)))).filter(
    (findings) => findings !== undefined,
  );
  const generic = await detectGeneric(project);
  const own =
    found.find(({ claim }) => claim === 2) ??
    found.find(({ start }) => start) ??
    found[0] ??
    generic ??
    unknown;

  const commands: Commands = {};
  const evidence = [...own.evidence];
  for (const kind of kinds) {
    const line = own[kind] ?? generic?.[kind];
    if (line === undefined) continue;
    commands[kind] = line;
    if (own[kind] === undefined && generic) {
      evidence.push(...generic.evidence.filter((item) => !evidence.includes(item)));
    }
  }

  const health = own.healthPath
    ? {
        path: own.healthPath.path,
        evidence: { what: 'it says whether it is healthy', from: own.healthPath.from },
      }
    : await findHealth(project, own.sources);
  if (health) evidence.push(health.evidence);
  const startReadsPort = /\$\{?PORT\b/.test(commands.start ?? '');
  const port = await findPort(project, {
    sources: own.sources,
    usualPort: own.usualPort,
    ...(own.portEnv ? { portEnv: own.portEnv } : startReadsPort ? { portEnv: 'PORT' } : {}),
  });
  const { suites, left } = await findSuites(project, own.stack, commands.test);
  return {
    stack: own.stack,
    name: own.name,
    ...commands,
    health: { path: health?.path ?? '/', guessed: !health },
    port: port.port,
    portEnv: port.variable,
    ...(suites.length > 0 && { suites }),
    ...(left.length > 0 && { leftSuites: left }),
    evidence: [...evidence, ...port.evidence],
  };
}
