import type { Project } from './project.ts';
import { suitesBelow } from './suites/below.ts';
import { nodeSuites } from './suites/node.ts';
import { suitesByStack } from './suites/by-stack.ts';
import type { SuiteFindings } from './suites/suite-finding.ts';

/**
 * The suites of a project of this stack; `test` is the command that its stack's detector found, or a Makefile's. Only
 * commands of what the project itself installs; what was found beside that is left, with the reason. Names are all different.
 */
export async function findSuites(
  project: Project,
  stack: string,
  test: string | undefined,
): Promise<SuiteFindings> {
  const byStack = await suitesByStack.get(stack)?.(project, test);
  const scripts = await nodeSuites(project);
  const below = suitesBelow(project);
  const own = byStack?.suites ?? [];
  // Scripts of a project whose server is of another stack test its pages.
  const pages =
    byStack === undefined
      ? scripts.suites
      : scripts.suites.map((suite) => ({ ...suite, name: `pages-${suite.name}` }));
  const found = [...own, ...pages, ...below.suites];
  const left = [...(byStack?.left ?? []), ...scripts.left, ...below.left];
  const refused = found.length === 0 && left.length > 0;
  const all =
    found.length > 0 || test === undefined || refused
      ? found
      : [
          {
            name: 'unit',
            kind: 'unit' as const,
            run: test,
            why: { what: 'the only command that tests', from: stack },
          },
        ];
  const taken = new Set<string>();
  const suites = all.map((suite) => {
    let name = suite.name.replace(/^[^a-z0-9]+/, '').slice(0, 60) || 'suite';
    for (let n = 2; taken.has(name); n += 1) name = `${suite.name.slice(0, 60)}-${n}`;
    taken.add(name);
    return { ...suite, name };
  });
  return { suites, left };
}
