import { isLockfile } from '../generated-files.ts';
import type { Detector } from './detector.ts';
import { nameOf } from './detector.ts';

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

/** D5: dependency manifests and lockfiles. */
export const dependencies: Detector = {
  name: 'dependencies',
  detect({ files }) {
    const changed = files.some(({ path, added, removed }) => {
      const name = nameOf(path);
      if (name === 'package.json') return [...added, ...removed].some(({ text }) => entry.test(text));
      return (
        isLockfile(path) ||
        manifests.has(name) ||
        /^requirements[^/]*\.(?:txt|in)$|\.(?:csproj|gemspec)$/u.test(name)
      );
    });
    return changed ? { dependencies: true } : {};
  },
};
