import { openGit } from '../../providers/runtime/git.ts';
import type { Source } from '../../src/domain/event.ts';
import type { Discovery, Feature } from '../../src/domain/feature.ts';
import {
  patternsSchema,
  preferencesSchema,
  type Patterns,
  type Preferences,
} from '../../src/domain/memory.ts';
import { discover, type DiscoverRequest } from '../../src/planning/discover.ts';
import type { LockfileTools } from '../../src/ports/lockfiles.ts';
import type { Repository } from './repository.ts';

export function emptyPatterns(): Patterns {
  return patternsSchema.parse({ schema: 'orchestra/patterns@1' });
}

function defaultPreferences(): Preferences {
  return preferencesSchema.parse({ schema: 'orchestra/config@2' });
}

/** Discovery in a test repository, with nothing learned yet. */
export async function discoverIn(
  repository: Repository,
  request: Partial<DiscoverRequest> = {},
): Promise<Discovery> {
  const git = await openGit(repository.dir);
  return discover(git, { patterns: emptyPatterns(), preferences: defaultPreferences(), ...request });
}

/** The feature with this id; fails with the ids there are. */
export function featureOf(discovery: Discovery, id: string): Feature {
  const feature = discovery.features.find((one) => one.id === id);
  if (!feature)
    throw new Error(`no feature ${id} among ${discovery.features.map((one) => one.id).join(', ')}`);
  return feature;
}

/** What a deployment of these features would carry as its source. */
export function sourceOf(discovery: Discovery, ids: readonly string[]): Source {
  return {
    kind: 'selection',
    base: discovery.base,
    head: discovery.head,
    features: ids.map((id) => {
      const {
        files,
        onBase: _onBase,
        dependsOn: _dependsOn,
        reason: _reason,
        ...feature
      } = featureOf(discovery, id);
      return { ...feature, fileCount: files.length, paths: files.map(({ path }) => path), pulledIn: false };
    }),
  };
}

/** For candidates whose lockfiles all fit: a tool that runs has no business there. */
export const noLockfileTools: LockfileTools = {
  regenerate: (_, { path }) => Promise.reject(new Error(`${path} was to be made again`)),
};
