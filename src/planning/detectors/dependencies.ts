import type { FileDiff } from '../diff.ts';
import { isLockfile } from '../generated-files.ts';
import { compareManifests } from './dependencies/manifests.ts';
import { comparePackageJson } from './dependencies/package-json.ts';
import type { Detector } from './detector.ts';
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
  return manifests.has(name) || /^requirements[^/]*\.(?:txt|in)$|\.(?:csproj|gemspec)$/u.test(name);
}

/** D5: dependency manifests and lockfiles, and which packages came, went or moved. */
export const dependencies: Detector = {
  name: 'dependencies',
  wants: (path) => nameOf(path) === 'package.json' && !/(?:^|\/)node_modules\//u.test(path),
  detect(change) {
    const changed = change.files.filter(isManifest);
    const locks = change.files.filter(({ path }) => isLockfile(path));
    if (changed.length === 0 && locks.length === 0) return {};
    const statements: Statement[] = changed.flatMap((file) => {
      const sides = nameOf(file.path) === 'package.json' ? sidesOf(change, file) : undefined;
      return (sides && comparePackageJson(sides)) ?? compareManifests(file);
    });
    const gems = locks.filter(({ path }) => nameOf(path) === 'gemfile.lock').flatMap(compareManifests);
    const said = tell([...statements, ...gems]);
    const changes = said.length === 0 && changed.length === 0 ? ['changes locked versions only'] : said;
    return { dependencies: true, ...(changes.length > 0 && { dependencyChanges: changes }) };
  },
};
