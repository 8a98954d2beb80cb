import type { Evidence } from './detection.ts';
import type { Project } from './project.ts';

/** How programs read a variable named …PORT: Node, Python, Ruby, Go, Rust, PHP, Java and .NET, in this order. */
const readsVariable =
  /(?:process\.env(?:\.|\[["'])|Deno\.env\.get\(["']|os\.environ(?:\.get\(|\[)["']|os\.getenv\(["']|ENV(?:\.fetch\(|\[)["']|os\.(?:Getenv|LookupEnv)\("|env::var(?:_os)?\("|getenv\(["']|System\.getenv\("|GetEnvironmentVariable\(")((?:[A-Z][A-Z0-9_]*_)?PORT)\b["']?\]?\)?\s*(?:(?:\?\?|\|\||,|or|\?:)\s*["']?(\d{2,5}))?/g;

/** A port written into the code: `listen(3000`, `":8080"`, `--port 8000`. */
const fixedPort =
  /(?:\blisten\(\s*|["'`](?:0\.0\.0\.0|127\.0\.0\.1|localhost)?:|--port[ =]|\bport\s*[:=]\s*)(\d{2,5})\b/i;

export interface PortFindings {
  port: number;
  variable: { name: string; sure: boolean };
  evidence: Evidence[];
}

function valid(text: string | undefined): number | undefined {
  const port = Number(text);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : undefined;
}

/** Which port people know the application by, and which variable tells it another. `usual` is the stack's own. */
export async function findPort(
  project: Project,
  stack: { sources: RegExp; usualPort: number; portEnv?: string },
): Promise<PortFindings> {
  const evidence: Evidence[] = [];
  let port: number | undefined;
  let variable = stack.portEnv ? { name: stack.portEnv, sure: true } : undefined;
  const settle = (found: number | undefined, what: string, from: string) => {
    if (port !== undefined || found === undefined) return;
    port = found;
    evidence.push({ what: `${what} ${found}`, from });
  };

  const files = project.sources(stack.sources);
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await project.text(file) })));
  for (const { file, text } of texts) {
    for (const [, name = '', otherwise] of text.matchAll(readsVariable)) {
      // DB_PORT and the like are where others listen.
      if (!/^(PORT|(?:APP|HTTP|SERVER|WEB|LISTEN)_PORT)$/.test(name)) continue;
      if (!variable) {
        variable = { name, sure: true };
        evidence.push({ what: `the port comes from ${name}`, from: file });
      }
      settle(valid(otherwise), 'otherwise port', file);
    }
  }
  for (const { file, text } of texts) settle(valid(fixedPort.exec(text)?.[1]), 'port', file);
  for (const file of ['.env.example', '.env.sample', '.env.dist']) {
    settle(
      valid(/^(?:APP_|HTTP_|SERVER_)?PORT\s*=\s*["']?(\d+)/m.exec(await project.text(file))?.[1]),
      'port',
      file,
    );
  }
  const docker = project.first('Dockerfile', 'Containerfile');
  if (docker)
    settle(valid(/^\s*EXPOSE\s+(\d+)/im.exec(await project.text(docker))?.[1]), 'exposed port', docker);
  return { port: port ?? stack.usualPort, variable: variable ?? { name: 'PORT', sure: false }, evidence };
}
