import type { FileDiff } from '../../diff.ts';
import { nameOf } from '../detector.ts';
import type { Statement } from '../statements.ts';
import { compareVersions } from './versions.ts';

/** How a manifest writes a package on a line: name, then version if it has one. */
const forms: readonly (readonly [file: RegExp, line: RegExp])[] = [
  [/^package\.json$|^composer\.json$|^deno\.json$/u, /^\s*"([@\w./-]{1,200})"\s*:\s*"([^"]{1,100})"/u],
  [
    /^gemfile$|\.gemspec$/u,
    /^\s*(?:gem|\w{1,20}\.add_(?:runtime_|development_)?dependency)\s*\(?\s*["']([\w.-]{1,200})["'](?:\s*,\s*["']([^"']{1,100})["'])?/u,
  ],
  [/^gemfile\.lock$/u, /^ {4}([\w.-]{1,200}) \(([^)]{1,100})\)$/u],
  [/^requirements/u, /^([\w.[\]-]{1,200})\s*((?:[=<>~!]=?|===)[^;#\s]{0,100})?/u],
  [/^go\.mod$/u, /^(go|toolchain)\s+(?:go)?(\d\S{0,40})$/u],
  [/^go\.mod$/u, /^\s*(?:require\s+)?([\w.~/-]{1,300})\s+(v[\w.+-]{1,100})(?!\S)/u],
  [
    /^pyproject\.toml$|^setup\.py$/u,
    /^\s*["']([\w.-]{1,200})(?:\[[^\]]{0,100}\])?\s*([=<>~!][^"';]{0,100})?["']\s*,?/u,
  ],
  [
    /^(?:pyproject|cargo|pipfile|libs\.versions)(?:\.toml)?$/u,
    /^\s*"?([\w.-]{1,200})"?\s*=\s*(?:\{[^}]{0,200}?version\s*=\s*)?"([^"]{1,100})"/u,
  ],
  [/^build\.gradle/u, /^\s*\w{1,40}[\s(]+["']([\w.-]{1,100}:[\w.-]{1,100}):([\w.-]{1,60})["']/u],
  [/^mix\.exs$/u, /\{:(\w{1,100}),\s*"([^"]{1,60})"/u],
  [
    /\.csproj$|\.props$/u,
    /<Package(?:Reference|Version)\s+Include="([^"]{1,200})"\s+Version="([^"]{1,60})"/u,
  ],
];

const noPackage =
  /^(?:version|name|description|python|requires-python|edition|rust-version|license|authors|readme|type|main|module|types|node|npm)$/u;

/** What the changed lines of a manifest tell of packages. */
export function compareManifests(file: FileDiff): Statement[] {
  const name = /(?:^|\/)requirements\/[^/]+$/iu.test(file.path) ? 'requirements.txt' : nameOf(file.path);
  const packages = (lines: FileDiff['added']) =>
    new Map(
      lines.flatMap(({ text }): [string, string][] => {
        for (const [, line] of forms.filter(([pattern]) => pattern.test(name))) {
          const match = line.exec(text);
          if (match && !noPackage.test(match[1] ?? '')) return [[match[1] ?? '', (match[2] ?? '').trim()]];
        }
        return [];
      }),
    );
  const statements = compareVersions(packages(file.removed), packages(file.added));
  // Of a Go module what it asks for itself is told before what that brings along.
  const brought = new Set(
    [...file.added, ...file.removed].flatMap(
      ({ text }) => /^\s*(?:require\s+)?(\S+)\s+v\S+\s*\/\/ indirect/u.exec(text)?.[1] ?? [],
    ),
  );
  const named = ({ text }: Statement) => text.replace(/^(?:adds|removes) /u, '').split(' ')[0] ?? '';
  return statements.toSorted((a, b) => Number(brought.has(named(a))) - Number(brought.has(named(b))));
}
