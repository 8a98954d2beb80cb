import { gitIn } from './git-in.ts';
import { makeGreeter, type Greeter } from './greeter.ts';

/** A service whose answer is made of all that lies in `greetings/`; what one of them throws stands in its log. */
const service = `import { createServer } from 'node:http';
import { existsSync, readdirSync } from 'node:fs';

const names = existsSync('greetings') ? readdirSync('greetings').sort() : [];
const greetings = await Promise.all(names.map((name) => import(\`./greetings/\${name}\`)));
let asked = 0;
const server = createServer((request, response) => {
  if (request.url === '/healthz') return response.end();
  if (request.url === '/version') return response.end(process.env.ORCHESTRA_VERSION);
  asked += 1;
  try {
    response.end(greetings.map(({ greet }) => greet(asked)).join(' ') || 'hello');
  } catch (error) {
    console.error(error.stack);
    response.writeHead(500).end();
  }
});
server.listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => server.close(() => process.exit(0)));
`;

export interface Greetings extends Greeter {
  /** Commits a waiting feature with one greeting of its own: `type(scope): title (#number)`. */
  feature: (title: string, file: string, options: { tested: boolean; broken?: boolean }) => void;
  /** Commits a test of a greeting. */
  test: (title: string, file: string) => void;
}

/** A greeter put together from features, each in a file of its own; its first version is tagged `base`. */
export async function makeGreetings(changes: Record<string, string> = {}): Promise<Greetings> {
  const greeter = await makeGreeter(changes);
  const git = gitIn(greeter.journey.repository);
  git.write({ 'service.mjs': service });
  git.commit('feat: greet with all that there is');
  git.run('tag', 'base');
  git.run('branch', '--force', 'main', 'base');
  const test = (file: string) => ({ [`test/${file}.test.mjs`]: `export const seen = '${file}';\n` });
  return {
    ...greeter,
    feature: (title, file, { tested, broken = false }) => {
      const body = broken
        ? `  const today = asked > 10 ? undefined : { sky: 'clear' };\n  return today.sky;\n`
        : `  return asked > 0 ? '${file}' : '';\n`;
      git.write({
        [`greetings/${file}.mjs`]: `export function greet(asked) {\n${body}}\n`,
        ...(tested && test(file)),
      });
      git.commit(title);
    },
    test: (title, file) => {
      git.write(test(file));
      git.commit(title);
    },
  };
}
