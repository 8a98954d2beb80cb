import type { FileDiff } from '../diff.ts';
import { isLockfile } from '../generated-files.ts';
import { compareManifests } from './dependencies/manifests.ts';
import { comparePackageJson } from './dependencies/package-json.ts';
import { isReadableLock, lockedPackages } from './dependencies/locked.ts';
import { pomPackages } from './dependencies/pom.ts';
import { isTomlManifest, tomlPackages } from './dependencies/toml.ts';
import { compareVersions } from './dependencies/versions.ts';
import type { ChangeView, Detector } from './detector.ts';
import { nameOf } from './detector.ts';
import { sidesOf } from './sides.ts';
import { type Statement, tell } from './statements.ts';

const manifests = new Set([
  'gemfile',
  'composer.json',
  'pyproject.toml',
  'pipfile',
  'setup.py',
  'setup.cfg',
  'cargo.toml',
  'go.mod',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'libs.versions.toml',
  'mix.exs',
  'pubspec.yaml',
  'podfile',
  'package.swift',
  'directory.packages.props',
  'deno.json',
]);

/** A package and its version range as package.json writes them; the package's own version is none. */
const entry =
  /^\s*"(?!version"|node"|npm"|engines")[@\w./-]+"\s*:\s*"(?:[\^~<>=]|v?\d|\*|workspace:|npm:|file:|git[+:@]|https?:|latest")/u;

function isManifest({ path, added, removed }: FileDiff): boolean {
  const name = nameOf(path);
  if (name === 'package.json') return [...added, ...removed].some(({ text }) => entry.test(text));
  return (
    manifests.has(name) ||
    /(?:^|\/)requirements(?:[^/]*|\/[^/]+)\.(?:txt|in)$|\.(?:csproj|gemspec)$/iu.test(path)
  );
}

/** Manifests that are read whole. */
const whole = (name: string) => name === 'package.json' || name === 'pom.xml' || isTomlManifest(name);

/** D5: dependency manifests, lockfiles and submodules, and which packages came, went or moved. */
export const dependencies: Detector = {
  name: 'dependencies',
  wants: (path) => whole(nameOf(path)) && !/(?:^|\/)node_modules\//u.test(path),
  detect(change) {
    const statements: Statement[] = [];
    // A manifest whose packages cannot be told is taken at its name; one that was read and asks for the same is none.
    let touched = false;
    for (const file of change.files.filter(isManifest)) {
      const read = readManifest(change, file);
      touched ||= read === undefined;
      statements.push(...(read ?? compareManifests(file)));
    }
    const moved = change.files.flatMap((file) => moveOf(file) ?? []);
    const locks = change.files.filter(({ path }) => isLockfile(path));
    const locked = statements.length > 0 ? [] : locks.flatMap((file) => readLock(change, file));
    const changes = tell([...statements, ...locked, ...moved]);
    if (!touched && changes.length === 0) return {};
    return { dependencies: true, ...(changes.length > 0 && { dependencyChanges: changes }) };
  },
};

function readManifest(change: ChangeView, file: FileDiff): Statement[] | undefined {
  const name = nameOf(file.path);
  const sides = whole(name) ? sidesOf(change, file) : undefined;
  if (!sides) return undefined;
  if (name === 'package.json') return comparePackageJson(sides);
  const read = (text: string) => (name === 'pom.xml' ? pomPackages(text) : tomlPackages(name, text));
  return compareVersions(read(sides.before), read(sides.after));
}

/** What a lockfile pins differently, where no manifest says why; only that it does, where nobody can tell. */
function readLock(change: ChangeView, file: FileDiff): Statement[] {
  if (file.status === 'added') return [{ text: `adds ${file.path}`, breaks: false }];
  if (file.status === 'deleted') return [{ text: `removes ${file.path}`, breaks: false }];
  const [before, after] = [change.text(file, 'before'), change.text(file, 'after')];
  if (!isReadableLock(file.path) || before === undefined || after === undefined)
    return [{ text: 'changes locked versions only', breaks: false }];
  return compareVersions(lockedPackages(file.oldPath, before), lockedPackages(file.path, after));
}

/** What became of another repository's commit that stands in this one. */
function moveOf({ submodule, path, oldBlob, newBlob }: FileDiff): Statement | undefined {
  if (!submodule) return undefined;
  const [old, now] = [oldBlob?.slice(0, 7), newBlob?.slice(0, 7)];
  if (old === now) return undefined;
  const said =
    old === undefined
      ? `adds submodule ${path} at ${now}`
      : now === undefined
        ? `removes submodule ${path}`
        : `moves submodule ${path} from ${old} to ${now}`;
  return { text: said, breaks: false };
}
