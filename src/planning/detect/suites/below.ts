import type { Evidence } from '../detection.ts';
import type { Project } from '../project.ts';
import type { SuiteFinding, SuiteFindings } from './suite-finding.ts';

/** Stacks in folders below the root whose tests need no install of their own, and those that do. */
const below: readonly { manifest: RegExp; run?: string; what: string }[] = [
  { manifest: /^((?:[\w-]+\/){1,2})go\.mod$/, run: 'go test -json ./...', what: 'a Go module' },
  { manifest: /^((?:[\w-]+\/){1,2})Cargo\.toml$/, run: 'cargo test', what: 'a Cargo project' },
  { manifest: /^((?:[\w-]+\/){1,2})pom\.xml$/, run: 'mvn --batch-mode test', what: 'a Maven project' },
  { manifest: /^((?:[\w-]+\/){1,2})(?:pytest\.ini|pyproject\.toml)$/, what: 'a Python project' },
  { manifest: /^((?:[\w-]+\/){1,2})composer\.json$/, what: 'a PHP project' },
  { manifest: /^((?:[\w-]+\/){1,2})Gemfile$/, what: 'a Ruby project' },
];

/** Suites of other stacks in folders below the root, where the root itself is of another one. */
export function suitesBelow(project: Project): SuiteFindings {
  const suites: SuiteFinding[] = [];
  const left: Evidence[] = [];
  for (const { manifest, run, what } of below) {
    // A module of a project whose root has the same manifest is tested from there.
    const name = /([\w.\\]+)\$$/.exec(manifest.source)?.[1]?.replaceAll('\\', '') ?? '';
    if (project.has(name)) continue;
    for (const from of project.paths) {
      const folder = manifest.exec(from)?.[1];
      if (
        folder === undefined ||
        /(?:^|\/)(?:vendor|node_modules|target|examples?|fixtures|tests?|docs?)\//.test(folder)
      )
        continue;
      const plainFolder = folder.slice(0, -1);
      if (run === undefined)
        left.push({ what: `${what} in ${plainFolder}, which the install command does not install`, from });
      else if (
        suites.length < 20 &&
        project.paths.some((path) => path.startsWith(folder) && /test/i.test(path))
      )
        suites.push({
          name: `${plainFolder.toLowerCase().replaceAll('/', '-')}-unit`,
          kind: 'unit',
          run: `cd ${plainFolder} && ${run}`,
          why: { what: `${what} with tests`, from },
        });
    }
  }
  return { suites, left: left.slice(0, 20) };
}
