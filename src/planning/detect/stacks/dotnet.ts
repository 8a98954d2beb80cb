import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** .NET, by the one project of its Web SDK. */
export async function detectDotnet(project: Project): Promise<StackFindings | undefined> {
  const projects = project.paths.filter((path) => /\.(cs|fs)proj$/.test(path));
  if (projects.length === 0) return undefined;
  const evidence: Evidence[] = [];
  const commands: Commands = {};
  for (const path of projects) {
    const text = await project.text(path);
    const plain = /^[\w./-]+$/.test(path) && !path.startsWith('-');
    if (plain && !commands.start && /Sdk="Microsoft\.NET\.Sdk\.Web"/.test(text)) {
      commands.install = `dotnet restore ${path}`;
      commands.build = `dotnet build ${path} --configuration Release --no-restore`;
      commands.start = `exec dotnet run --project ${path} --configuration Release --no-build --no-launch-profile --urls "http://127.0.0.1:$PORT"`;
      evidence.push({ what: 'an ASP.NET project', from: path });
    }
    if (!commands.test && /Microsoft\.NET\.Test\.Sdk/.test(text)) {
      commands.test = 'dotnet test';
      evidence.push({ what: '.NET tests', from: path });
    }
  }
  const first = projects[0] ?? '';
  if (evidence.length === 0) evidence.push({ what: 'a .NET project', from: first });
  return {
    stack: 'dotnet',
    claim: commands.start ? 2 : 1,
    ...commands,
    sources: /\.(cs|fs)$/,
    usualPort: 5000,
    ...(commands.start ? { portEnv: 'PORT' } : {}),
    evidence,
  };
}
