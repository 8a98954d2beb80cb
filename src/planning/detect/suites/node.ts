import { z } from 'zod';
import type { Evidence } from '../detection.ts';
import type { Project } from '../project.ts';
import { packageManager, manifestOf, type Manifest } from '../stacks/node.ts';
import { nodeRunners, runnerOf, toldFile, type NodeRunner } from './node-runners.ts';
import { isPlainPath, kindOf, type SuiteFinding, type SuiteFindings } from './suite-finding.ts';

/** Workspaces whose suites are written; in larger ones a person chooses. */
const mostWorkspaces = 20;

/** Scripts that test: `test`, `test:…`, and names that say what they prove. */
const tests =
  /^(?:test|unit|integration|e2e|smoke|bench|benchmark|perf|performance|security|test[:-][\w:-]{1,40})$/;
/** Scripts that wait for a person, change files, or look at something else than tests. */
const passedOver =
  /watch|ui\b|debug|update|snapshot|coverage|\bcov\b|staged|changed|open|headed|\bdev\b|types?\b|typecheck|lint|setup|prepare|:ci\b/;

const runsScript =
  /^(?:npm run|pnpm(?: run)?|yarn(?: run)?|bun run|npm (?=test\b))\s*([\w:-]+)(?:\s+--silent)?$/;

/** The scripts that one script does nothing but run. */
function parts(script: string): string[] | undefined {
  const all = script.split('&&').map((part) => runsScript.exec(part.trim())?.[1]);
  return all.every((name) => name !== undefined) ? all : undefined;
}

/** Names of the scripts that test: each once, what only runs others left out in their favour. */
function chosenScripts({ scripts }: Manifest): string[] {
  const able = Object.keys(scripts).filter(
    (name) =>
      tests.test(name) && !passedOver.test(name) && !/no test specified|--watch/.test(scripts[name] ?? ''),
  );
  const whole = able.filter((name) => !parts(scripts[name] ?? '')?.every((part) => able.includes(part)));
  return whole.filter(
    (name, i) =>
      !whole.some(
        (other) =>
          other !== name && new RegExp(`(?:run|pnpm|yarn)\\s+${name}(?![\\w:-])`).test(scripts[other] ?? ''),
      ) && whole.findIndex((other) => scripts[other] === scripts[name]) === i,
  );
}

const suiteName = (script: string) =>
  script === 'test'
    ? 'unit'
    : script
        .replace(/^test[:-]/, '')
        .replaceAll(/[^a-z0-9_-]+/gi, '-')
        .toLowerCase();

function told(runner: NodeRunner, command: string, name: string, dashes: string) {
  const how = runner.told(name);
  if ('before' in how) return { run: `${how.before} ${command}` };
  return {
    run: `${command}${dashes} ${how.options}`,
    ...(how.report !== undefined && { report: how.report }),
  };
}

/** The suites of one package; commands as run in its folder. */
async function suitesOf(project: Project, folder: string, root: Manifest): Promise<SuiteFinding[]> {
  const path = `${folder}package.json`;
  const manifest = folder === '' ? root : await manifestOf(project, path);
  if (!manifest) return [];
  const pm = packageManager(project, root);
  const dashes = pm.run.startsWith('npm') ? ' --' : '';
  const scripts = chosenScripts(manifest);
  const found = scripts.map((script): SuiteFinding => {
    const text = manifest.scripts[script] ?? '';
    const name = suiteName(script);
    const runner = runnerOf(text);
    const command = `${pm.run} ${script}`;
    const file = toldFile(text);
    return {
      name,
      kind: kindOf(script),
      ...(runner
        ? told(runner, command, name, dashes)
        : { run: command, ...(file !== undefined && isPlainPath(file) && { report: file }) }),
      why: { what: `the script "${script}"${runner ? ` runs ${runner.name}` : ''}`, from: path },
    };
  });
  if (found.length > 0) return found;
  const has = (name: string) => name in manifest.dependencies || name in manifest.devDependencies;
  const runner = nodeRunners.find(({ name }) => has(name));
  if (runner)
    return [
      {
        name: 'unit',
        kind: 'unit',
        ...told(runner, `${pm.exec} ${runner.bare}`, 'unit', ''),
        why: { what: `${runner.name} is installed, and no script runs it`, from: path },
      },
    ];
  const own = project.paths.find(
    (file) => file.startsWith(folder) && /\.test\.[cm]?js$/.test(file) && !file.includes('node_modules/'),
  );
  if (own === undefined || !/["']node:test["']/.test(await project.text(own))) return [];
  const run = 'node --test --test-reporter=tap';
  return [
    {
      name: 'unit',
      kind: 'unit',
      run,
      why: { what: 'tests of node:test, and no script runs them', from: own },
    },
  ];
}

const workspacesSchema = z.union([
  z.object({ workspaces: z.array(z.string()) }).transform(({ workspaces }) => workspaces),
  z
    .object({ workspaces: z.object({ packages: z.array(z.string()) }) })
    .transform(({ workspaces }) => workspaces.packages),
]);

/** Folders of the workspaces, each with `/` at its end; patterns are `folder`, `folder/*` and `folder/**`. */
async function workspaces(project: Project): Promise<string[]> {
  const pnpm = [
    ...(await project.text('pnpm-workspace.yaml')).matchAll(/^\s*-\s*["']?([\w@./*-]+)["']?\s*$/gm),
  ];
  let patterns = pnpm.map(([, pattern = '']) => pattern);
  try {
    patterns.push(...(workspacesSchema.safeParse(JSON.parse(await project.text('package.json'))).data ?? []));
  } catch {
    return [];
  }
  patterns = patterns.map((pattern) => pattern.replace(/^\.\//, '').replace(/\/$/, ''));
  const inOne = (folder: string) =>
    patterns.some((pattern) => {
      const [, base = '', stars] = /^(.*?)(\/\*\*?)?$/.exec(pattern) ?? [];
      if (stars === undefined) return folder === base;
      if (!folder.startsWith(`${base}/`)) return false;
      return stars === '/**' || !folder.slice(base.length + 1).includes('/');
    });
  return project.paths
    .filter((path) => path.endsWith('/package.json') && !path.includes('node_modules/'))
    .map((path) => path.slice(0, -'/package.json'.length))
    .filter((folder) => isPlainPath(folder) && inOne(folder))
    .map((folder) => `${folder}/`);
}

/** Suites of npm, pnpm, yarn and bun scripts; of the workspaces where the root has none. */
export async function nodeSuites(project: Project): Promise<SuiteFindings> {
  const root = await manifestOf(project, 'package.json');
  if (!root) return { suites: [], left: [] };
  const own = await suitesOf(project, '', root);
  const folders = await workspaces(project);
  const left: Evidence[] = [];
  const suites = [...own];
  for (const [i, folder] of folders.entries()) {
    const of = await suitesOf(project, folder, root);
    if (of.length === 0) continue;
    const from = `${folder}package.json`;
    if (own.length > 0) left.push({ what: "tests of a workspace; the root's are taken to run them", from });
    else if (i >= mostWorkspaces)
      left.push({ what: `tests of a workspace beyond the first ${mostWorkspaces}`, from });
    else
      for (const suite of of)
        suites.push({
          ...suite,
          name: `${
            folder
              .split('/')
              .at(-2)
              ?.toLowerCase()
              .replaceAll(/[^a-z0-9_-]+/g, '-') ?? ''
          }-${suite.name}`,
          run: `cd ${folder.slice(0, -1)} && ${suite.run}`,
          ...(suite.report !== undefined && { report: `${folder}${suite.report}` }),
        });
  }
  return { suites, left };
}
