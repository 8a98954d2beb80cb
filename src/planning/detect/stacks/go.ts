import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** The folder of the program: the root, or the only one (else `server` or `api`) below cmd/. */
async function mainPackage(project: Project): Promise<{ folder: string; from: string } | undefined> {
  const mains: { folder: string; from: string }[] = [];
  for (const path of project.sources(/^([^/]+|cmd\/[\w-]+\/[^/]+)\.go$/)) {
    if (!/^package main\b/m.test(await project.text(path))) continue;
    if (!/^func main\(\)/m.test(await project.text(path))) continue;
    const folder = path.includes('/') ? `./${path.slice(0, path.lastIndexOf('/'))}` : '.';
    mains.push({ folder, from: path });
  }
  return (
    mains.find(({ folder }) => folder === '.') ??
    (mains.length === 1 ? mains[0] : mains.find(({ folder }) => /\/(server|api|web)$/.test(folder)))
  );
}

/** Go with modules. */
export async function detectGo(project: Project): Promise<StackFindings | undefined> {
  if (!project.has('go.mod')) return undefined;
  const module = /^module\s+(\S+)/m.exec(await project.text('go.mod'))?.[1];
  const evidence: Evidence[] = [{ what: 'a Go module', from: 'go.mod' }];
  const commands: Commands = {};
  const main = await mainPackage(project);
  if (main) {
    commands.build = `go build -o .orchestra-app ${main.folder}`;
    commands.start = 'exec ./.orchestra-app';
    evidence.push({ what: 'the program', from: main.from });
  }
  const test = project.match(/_test\.go$/);
  if (test) {
    commands.test = 'go test ./...';
    evidence.push({ what: 'Go tests', from: test });
  }
  const name = module
    ?.replace(/\/v\d+$/, '')
    .split('/')
    .at(-1);
  return {
    stack: 'go',
    claim: commands.start ? 2 : 1,
    ...(name ? { name } : {}),
    ...commands,
    sources: /\.go$/,
    usualPort: 8080,
    evidence,
  };
}
