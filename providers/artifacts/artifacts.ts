import { join } from 'node:path';
import { realpath } from 'node:fs/promises';
import {
  type ArtifactManifest,
  type ArtifactRef,
  type ArtifactService,
  shortDigest,
} from '../../src/domain/artifact.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { ServicePlan } from '../../src/domain/plan.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { ArtifactFinding, ArtifactRequest, Artifacts } from '../../src/ports/artifacts.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git } from '../../src/ports/git.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { disk } from '../runtime/disk.ts';
import { fillVariables, minimalEnvironment } from '../runtime/environment.ts';
import { openInstallCache } from '../runtime/install-cache.ts';
import { prepareLog } from '../runtime/log-file.ts';
import { build, install } from '../runtime/prepare.ts';
import { endAllWith } from '../runtime/processes.ts';
import { withRankedLock } from '../runtime/ranked-lock.ts';
import { runMark } from '../runtime/runner.ts';
import { openWorkTrees } from '../runtime/work-tree.ts';
import { lockfileDigests } from './lockfile-digests.ts';
import { pack } from './pack.ts';
import { createSignatures } from './signatures.ts';
import { digestOf, openArtifactStore } from './store.ts';
import { toolVersions } from './tool-versions.ts';
import { snapshotOf, writtenBetween } from './work-snapshot.ts';

const purpose = 'build';
/** How long what an earlier, dead build left behind gets to end. */
const leftoverTermMs = 2000;

interface Built {
  service: ArtifactService;
  namesCommit: boolean;
  notes: string[];
}

/**
 * Builds a version once in a clean work tree, keeps what the build wrote under the state folder by its SHA-256, signs and
 * verifies it. What an install wrote is no part of it: each work tree gets that from the lockfiles again.
 */
export function createArtifacts(parts: {
  git: Git;
  runner: Runner;
  stateDir: string;
  clock: Clock;
}): Artifacts {
  const { git, runner, stateDir, clock } = parts;
  const trees = openWorkTrees(parts);
  const cache = openInstallCache(parts);
  const store = openArtifactStore(parts);
  const signatures = createSignatures({
    runner,
    root: git.root,
    now: () => clock.now(),
    environment: process.env,
  });

  const treeOf = (sha: string) => git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);

  /**
   * The entry of what was built in that way before; undefined where a part of it is not there any more: then it is built anew.
   * Throws `artifact-altered` where what is there is something else.
   */
  async function kept(key: string, sha: string, tree: string, signal?: AbortSignal) {
    const entry = await store.entry(key);
    if (!entry || (entry.namesCommit && entry.artifact.commit !== sha)) return undefined;
    const { digest, signature } = entry.artifact;
    if (!(await disk.exists(store.manifestOf(digest)))) return undefined;
    const manifest = await store.manifest(digest);
    if (manifest.tree !== tree) return undefined;
    for (const { archive } of manifest.services)
      if (archive && !(await disk.exists(store.archiveOf(archive.sha256)))) return undefined;
    await store.checkArchives(manifest, signal);
    if (signature && !(await store.signature(digest, signature.sha256))) return undefined;
    return entry;
  }

  async function buildService(request: ArtifactRequest, service: ServicePlan): Promise<Built> {
    const { version, signal, onProgress } = request;
    const { artifact } = service;
    const { sha } = version;
    const mark = { [runMark]: `${stateDir}#artifact-${sha}/${service.name}` };
    const own = { ORCHESTRA_VERSION: sha, ORCHESTRA_SERVICE: service.name };
    // A missing variable is said before minutes go into an install.
    const env = {
      ...minimalEnvironment(process.env),
      ...fillVariables(artifact?.variables ?? {}, own, process.env),
      ...own,
      ...mark,
    };
    await endAllWith(mark, leftoverTermMs);
    // Half a build of a killed conductor is no clean beginning.
    await trees.remove(purpose, sha);
    const log = join(stateDir, 'logs', `build-${sha.slice(0, 12)}.log`);
    await prepareLog(log);
    const tree = await trees.add(purpose, sha);
    try {
      const step = { runner, tree, log, signal, onProgress };
      await install({ ...step, git, cache, command: service.install, mark });
      const before = await snapshotOf(tree.path, signal);
      await build({ ...step, command: service.build, env, key: 'artifact' });
      const after = await snapshotOf(tree.path, signal);
      const written = writtenBetween(before, after, artifact?.outputs);
      onProgress?.(`packing what the build wrote: ${written.paths.length} paths`);
      const temporary = store.temporary();
      const looksFor = [sha.slice(0, 7), tree.path, await realpath(tree.path)];
      try {
        const packed = await pack(tree.path, written.paths, after, temporary, { looksFor, signal });
        await store.adopt(temporary, packed.sha256);
        return {
          service: {
            ...named(service),
            archive: { sha256: packed.sha256, size: packed.size },
            files: packed.files,
            removed: written.removed,
          },
          namesCommit: packed.found.has(0),
          notes: notesOf(service, packed.found, packed.left, written.paths.length + written.removed.length),
        };
      } finally {
        await store.discard(temporary);
      }
    } finally {
      await trees.remove(purpose, sha);
    }
  }

  async function buildAll(
    request: ArtifactRequest,
    tree: string,
  ): Promise<{ manifest: ArtifactManifest; built: Built[] }> {
    const { services, version, environment, signal } = request;
    const built: Built[] = [];
    for (const service of services) {
      if (service.artifact && service.build !== undefined) built.push(await buildService(request, service));
      else
        built.push({
          service: {
            ...named(service),
            ...(service.build === undefined ? {} : { builtIn: environment }),
            files: [],
            removed: [],
          },
          namesCommit: false,
          notes: [],
        });
    }
    const commands = services.flatMap(({ install: installs, build: builds }) => [installs, builds]);
    const manifest: ArtifactManifest = {
      schema: 'orchestra/artifact@1',
      commit: version.sha,
      tree,
      platform: `${process.platform}-${process.arch}`,
      lockfiles: await lockfileDigests(git, version.sha),
      tools: await toolVersions(runner, commands, git.root, signal),
      services: built.map(({ service }) => service),
    };
    return { manifest, built };
  }

  async function signed(ref: ArtifactRef, { by, signing, signal }: ArtifactRequest): Promise<ArtifactRef> {
    const { unsigned: _, ...rest } = ref;
    const made = await signatures.sign(ref.digest, by, signing, signal);
    if ('unsigned' in made) return { ...rest, unsigned: made.unsigned };
    await store.keepSignature(ref.digest, made.text);
    const signature = {
      format: made.format,
      by: safeText(by, 200),
      at: made.at,
      sha256: digestOf(made.text),
    };
    return { ...rest, signature };
  }

  async function stored(digest: string): Promise<ArtifactRef | undefined> {
    const entries = await store.entries();
    return entries.find(({ artifact }) => artifact.digest === digest)?.artifact;
  }

  return {
    async make(request) {
      const { version, environment, services, signal, onProgress } = request;
      await store.open();
      const tree = await treeOf(version.sha);
      const key = keyOf(tree, environment, services);
      const lock = { dir: join(stateDir, 'locks', `artifact-${version.sha.slice(0, 12)}`), clock, signal };
      return withRankedLock(
        { ...lock, onWait: () => onProgress?.('waiting: another deployment builds this version') },
        async () => {
          const found = await kept(key, version.sha, tree, signal);
          if (found) {
            const { digest, signature } = found.artifact;
            await store.touch(digest);
            // Only what this program is known to have built is signed afterwards.
            const ref =
              signature || !request.known.has(digest)
                ? found.artifact
                : await signed(found.artifact, request);
            if (ref !== found.artifact) await store.keepEntry(key, { ...found, artifact: ref });
            return { ...ref, reused: true as const };
          }
          const { manifest, built } = await buildAll(request, tree);
          const digest = await store.keep(manifest);
          const archives = manifest.services.filter(({ archive }) => archive !== undefined);
          const notes = built.flatMap((one) => one.notes);
          const ref = await signed(
            {
              kind: 'stored',
              digest,
              commit: version.sha,
              size: archives.reduce((sum, { archive }) => sum + (archive?.size ?? 0), 0),
              files: archives.reduce((sum, { files }) => sum + files.filter(isFile).length, 0),
              builds: archives.length,
              ...(notes.length > 0 ? { notes } : {}),
            },
            request,
          );
          const namesCommit = built.some((one) => one.namesCommit);
          await store.keepEntry(key, { schema: 'orchestra/artifact-entry@1', artifact: ref, namesCommit });
          return ref;
        },
      );
    },

    async find({ version, environment, services }) {
      const tree = await treeOf(version.sha);
      const found = await kept(keyOf(tree, environment, services), version.sha, tree);
      return found && { ...found.artifact, reused: true as const };
    },

    async verify({ digest, signature }, signing, signers = [], signal): Promise<ArtifactFinding> {
      const none = { kind: 'unknown' as const, why: 'its bytes are not right' };
      try {
        const manifest = await store.manifest(digest);
        await store.checkArchives(manifest, signal);
        if (!signature) return { signature: { kind: 'unknown', why: 'it is not signed' } };
        const file = await store.signature(digest, signature.sha256);
        if (!file) return { altered: `the signature of ${shortDigest(digest)} is gone`, signature: none };
        return { signature: await signatures.verify(digest, file, signing, signers, signal) };
      } catch (error) {
        if (!(error instanceof OrchestraError) || error.code !== 'artifact-altered') throw error;
        return { altered: error.message, signature: none };
      }
    },

    async list(beginning = '') {
      const digests = (await store.digests()).filter((digest) => digest.startsWith(beginning));
      const all = await Promise.all(
        digests.map(async (digest) => {
          const manifest = await store.manifest(digest).catch(isGone);
          const size = manifest?.services.reduce((sum, { archive }) => sum + (archive?.size ?? 0), 0) ?? 0;
          return manifest ? [{ digest, manifest, size }] : [];
        }),
      );
      return all.flat();
    },

    stored,
    free: (keep) => store.free(keep),
  };
}

/** What decides what a build gives: two versions of the same tree, built in the same way, have one artifact. */
function keyOf(tree: string, environment: string, services: readonly ServicePlan[]): string {
  const parts = services.map(({ name, install: installs, build: builds, artifact }) => [
    name,
    installs ?? null,
    builds ?? null,
    artifact
      ? [
          Object.entries(artifact.variables).toSorted(([a], [b]) => (a < b ? -1 : 1)),
          artifact.outputs ?? null,
        ]
      : builds === undefined
        ? null
        : environment,
  ]);
  return digestOf(JSON.stringify([1, tree, process.platform, process.arch, process.version, parts]));
}

function named({
  name,
  install: installs,
  build: builds,
}: ServicePlan): Pick<ArtifactService, 'name' | 'install' | 'build'> {
  return {
    name,
    ...(installs === undefined ? {} : { install: installs }),
    ...(builds === undefined ? {} : { build: builds }),
  };
}

function notesOf(
  { name, artifact }: ServicePlan,
  found: ReadonlySet<number>,
  left: readonly string[],
  written: number,
): string[] {
  return [
    ...(written === 0
      ? [
          artifact?.outputs
            ? `the build of ${name} wrote nothing under its outputs`
            : `the build of ${name} wrote nothing into its work tree`,
        ]
      : []),
    ...(found.has(1) || found.has(2)
      ? [
          `what ${name} built names the folder it was built in, which is gone where it runs: set build_per_environment where it does not start`,
        ]
      : []),
    ...(left.length > 0
      ? [safeText(`left out, for it is neither file, folder nor link: ${left.slice(0, 5).join(', ')}`, 300)]
      : []),
  ];
}

const isFile = ({ kind }: { kind: string }) => kind === 'file';

/** For `.catch`: what was freed meanwhile or altered is not there to be shown. */
function isGone(error: unknown): undefined {
  if (error instanceof OrchestraError && error.code === 'artifact-altered') return undefined;
  throw error;
}
