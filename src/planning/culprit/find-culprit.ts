import type { Culprit, LoggedError } from '../../domain/culprit.ts';
import { messageOf } from '../../domain/errors.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import type { SideRoutes } from '../../domain/failing-routes.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { Git } from '../../ports/git.ts';
import type { VersionLog } from '../../ports/platform.ts';
import { changedLines, type ChangedLines } from './changed-lines.ts';
import { worseRoutes } from './compare-routes.ts';
import { logLines } from './log-lines.ts';
import { masked } from './masked.ts';
import { nameCulprit, type TracedError } from './name-culprit.ts';
import { routeMentions } from './route-mentions.ts';
import { sourcePaths } from './source-paths.ts';
import { stacksIn, type Stack } from './stacks.ts';

export interface Scene {
  git: Git;
  candidate: string;
  stable: string | undefined;
  features: readonly ShippedFeature[];
  /** What each side wrote; undefined where the platform keeps no log. */
  logs: { candidate: readonly VersionLog[] | undefined; stable: readonly VersionLog[] };
  /** What failed where; undefined where the router tells no routes. */
  routes: { candidate: SideRoutes | undefined; stable: SideRoutes | undefined } | undefined;
  /** What could not be looked at before it came here. */
  unread: readonly string[];
  /** What it was taken back for, where that is nothing that an error explains. */
  unexplained?: string | undefined;
  signal: AbortSignal;
}

/** Different errors that are traced line by line, the most frequent first. */
const mostTraced = 50;
/** Frames of one error in the repository that are traced. */
const mostFrames = 20;

/** Reads the traces that a candidate left, and names who is likely behind its failure, or says why nobody can be. */
export async function findCulprit(scene: Scene): Promise<Culprit> {
  const { git, candidate, stable, features, signal } = scene;
  const unread = [...scene.unread];
  const missed = (what: string) => (error: unknown) => {
    signal.throwIfAborted();
    unread.push(safeText(`${what}: ${messageOf(error)}`, 300));
    return undefined;
  };
  const logged = scene.logs.candidate ? await errorsIn(scene.logs.candidate, git, candidate, signal) : [];
  const before = await errorsIn(scene.logs.stable, git, stable ?? candidate, signal);
  const known = new Set(before.map(keyOf));
  const changed = await changedLines(git, { candidate, stable, features, signal }).catch(
    missed('the changed lines could not be read'),
  );

  const errors: TracedError[] = [];
  for (const error of logged.slice(0, mostTraced)) {
    const alsoStable = known.has(keyOf(error));
    errors.push({
      ...error,
      alsoStable,
      frames: alsoStable || !changed ? unowned(error) : await traced(error, changed),
    });
  }
  const routes = scene.routes?.candidate && worseRoutes(scene.routes.candidate, scene.routes.stable);
  const worst = routes?.slice(0, 5).map(({ route }) => route) ?? [];
  const mentions =
    changed && stable !== undefined
      ? await routeMentions(git, { candidate, stable, routes: worst, changed, signal }).catch(
          missed('the changed lines could not be searched'),
        )
      : undefined;
  const count = (of: readonly LoggedError[]) => of.reduce((n, one) => n + one.count, 0);
  const also = logged.filter((error) => known.has(keyOf(error)));
  return nameCulprit({
    features: features.map(({ id, title, paths }) => ({ id, title: safeText(title, 200), paths })),
    errors,
    stacks: count(logged) - count(also),
    alsoStable: count(also),
    routes,
    mentions: mentions ?? new Map(),
    unread,
    unexplained: scene.unexplained,
  });
}

/** The errors of a version's logs; frames that lead into its files only. */
async function errorsIn(
  logs: readonly VersionLog[],
  git: Git,
  sha: string,
  signal: AbortSignal,
): Promise<LoggedError[]> {
  const found = logs.map(({ text, roots }) => ({ roots, ...stacksIn(logLines(text)) }));
  if (found.every(({ total }) => total === 0)) return [];
  const names = await git.text(['ls-tree', '-r', '-z', '--name-only', '--full-tree', sha], { signal });
  const files = new Set(names.split('\0'));
  return found
    .flatMap(({ stacks, roots }) => stacks.map((stack) => loggedError(stack, sourcePaths(files, roots))))
    .toSorted((a, b) => b.count - a.count);
}

function loggedError(stack: Stack, find: ReturnType<typeof sourcePaths>): LoggedError {
  return {
    name: safeText(stack.name, 100),
    message: masked(stack.message, 160),
    count: stack.count,
    alsoStable: false,
    frames: stack.frames
      .flatMap((frame) => {
        const path = find(frame);
        if (path === undefined) return [];
        const name = frame.in === undefined ? {} : { in: safeText(frame.in, 80) };
        return [{ path: safeText(path, 300), line: frame.line, ...name }];
      })
      .slice(0, mostFrames),
  };
}

/** The same error on the same way through the code; lines differ between versions, functions hardly. */
function keyOf({ name, frames, message }: LoggedError): string {
  return frames.length === 0
    ? JSON.stringify([name, message])
    : JSON.stringify([name, frames.map((frame) => [frame.path, frame.in ?? ''])]);
}

function unowned({ frames }: LoggedError): TracedError['frames'] {
  return frames.map((frame) => ({ ...frame, owners: undefined }));
}

async function traced({ frames }: LoggedError, changed: ChangedLines): Promise<TracedError['frames']> {
  const result: TracedError['frames'][number][] = [];
  for (const frame of frames) {
    const owners = await changed.ownersOf(frame.path, frame.line).catch(() => undefined);
    result.push({ ...frame, owners });
  }
  return result;
}
