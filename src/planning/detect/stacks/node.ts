import { z } from 'zod';
import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

const manifestSchema = z.object({
  name: z.string().optional(),
  main: z.string().optional(),
  packageManager: z.string().optional(),
  scripts: z.record(z.string(), z.string()).default({}),
  dependencies: z.record(z.string(), z.string()).default({}),
  devDependencies: z.record(z.string(), z.string()).default({}),
});
export type Manifest = z.infer<typeof manifestSchema>;

interface PackageManager {
  run: string;
  exec: string;
  /** Installs exactly what the lockfile says; where there is no lockfile, what the manifest says. */
  install: string;
  from: string;
}

/** How the project's own package manager runs scripts and programs. */
export function packageManager(project: Project, manifest: Manifest): PackageManager {
  const declared = manifest.packageManager?.split('@')[0];
  const pnpm = project.first('pnpm-lock.yaml');
  if (pnpm || declared === 'pnpm') {
    const install = pnpm ? 'pnpm install --frozen-lockfile' : 'pnpm install';
    return { run: 'pnpm run', exec: 'pnpm exec', install, from: pnpm ?? 'package.json' };
  }
  const yarn = project.first('yarn.lock');
  if (yarn || declared === 'yarn') {
    // Yarn 2 and later keep their settings in .yarnrc.yml and renamed the option.
    const option = project.has('.yarnrc.yml') ? '--immutable' : '--frozen-lockfile';
    const install = yarn ? `yarn install ${option}` : 'yarn install';
    return { run: 'yarn run', exec: 'yarn', install, from: yarn ?? 'package.json' };
  }
  const bun = project.first('bun.lock', 'bun.lockb');
  if (bun) return { run: 'bun run', exec: 'bunx', install: 'bun install --frozen-lockfile', from: bun };
  const npm = project.first('package-lock.json', 'npm-shrinkwrap.json');
  const install = npm ? 'npm ci' : 'npm install';
  return { run: 'npm run', exec: 'npx --no-install', install, from: npm ?? 'package.json' };
}

/** Migration tools by what gives them away, with the command that brings a database up to date and asks nothing. */
const migrationTools: {
  tool: string;
  command: string;
  found: (project: Project, has: (name: string) => boolean) => string | undefined;
}[] = [
  {
    tool: 'Prisma',
    command: 'prisma migrate deploy',
    found: (project, has) =>
      has('prisma') || has('@prisma/client')
        ? project.first('prisma/schema.prisma', 'schema.prisma')
        : undefined,
  },
  {
    tool: 'Drizzle',
    command: 'drizzle-kit migrate',
    found: (project, has) =>
      has('drizzle-kit') ? project.match(/^drizzle\.config\.[cm]?[jt]s$/) : undefined,
  },
  {
    tool: 'Knex',
    command: 'knex migrate:latest',
    found: (project, has) => (has('knex') ? project.match(/^knexfile\.[cm]?[jt]s$/) : undefined),
  },
  {
    tool: 'Sequelize',
    command: 'sequelize-cli db:migrate',
    found: (project, has) =>
      has('sequelize-cli')
        ? (project.first('.sequelizerc') ?? project.match(/^(src\/)?migrations\//))
        : undefined,
  },
  {
    tool: 'TypeORM',
    command: 'typeorm migration:run',
    found: (project, has) =>
      has('typeorm') ? project.match(/(^|\/)(data-source|ormconfig)\.[jt]s$/) : undefined,
  },
];

const migrateScripts = ['db:migrate', 'migrate:deploy', 'migrate', 'migration:run', 'migrate:latest'];

function migration(project: Project, manifest: Manifest, pm: PackageManager, evidence: Evidence[]) {
  const script = migrateScripts.find((name) => name in manifest.scripts);
  if (script) {
    evidence.push({ what: `the script "${script}" migrates`, from: 'package.json' });
    return `${pm.run} ${script}`;
  }
  const has = (name: string) => name in manifest.dependencies || name in manifest.devDependencies;
  for (const { tool, command, found } of migrationTools) {
    const from = found(project, has);
    if (!from) continue;
    evidence.push({ what: `${tool} migrates`, from });
    if (tool !== 'TypeORM') return `${pm.exec} ${command}`;
    return `${pm.exec} ${command} -d ${from.replace(/\.ts$/, '.js').replace(/^src\//, 'dist/')}`;
  }
  return undefined;
}

/** Frameworks whose own server takes PORT from the environment, with its usual port. */
const frameworks = [
  { name: 'next', start: 'next start', port: 3000 },
  { name: 'nuxt', start: 'node .output/server/index.mjs', port: 3000 },
  { name: '@remix-run/serve', start: undefined, port: 3000 },
  { name: '@sveltejs/adapter-node', start: 'node build', port: 3000 },
];

/** A file that starts a server when it is run: the manifest's `main`, else one of the usual names. */
async function entry(project: Project, manifest: Manifest): Promise<string | undefined> {
  const main = manifest.main?.replace(/^\.\//, '') ?? '';
  const names = [main, 'server.js', 'src/server.js', 'app.js', 'src/index.js', 'index.js'];
  for (const name of names) {
    if (/^\w[\w./-]*$/.test(name) && /\blisten\s*\(/.test(await project.text(name))) return name;
  }
  return undefined;
}

async function startOf(project: Project, manifest: Manifest, pm: PackageManager, evidence: Evidence[]) {
  if (manifest.scripts['start'] !== undefined) {
    evidence.push({ what: 'the script "start" starts it', from: 'package.json' });
    return `${pm.run} start`;
  }
  const framework = frameworks.find(({ name, start }) => start && name in manifest.dependencies);
  if (framework?.start) {
    evidence.push({ what: `${framework.name} has a server of its own`, from: 'package.json' });
    return framework.start.startsWith('node ') ? framework.start : `${pm.exec} ${framework.start}`;
  }
  const file = await entry(project, manifest);
  if (!file) return undefined;
  evidence.push({ what: 'it listens when run', from: file });
  return `node ${file}`;
}

/** A package's manifest; undefined where there is none that can be read. */
export async function manifestOf(project: Project, path: string): Promise<Manifest | undefined> {
  if (!project.has(path)) return undefined;
  try {
    return manifestSchema.safeParse(JSON.parse(await project.text(path))).data;
  } catch {
    return undefined;
  }
}

/** Node with npm, pnpm, yarn or bun, by package.json. */
export async function detectNode(project: Project): Promise<StackFindings | undefined> {
  const manifest = await manifestOf(project, 'package.json');
  if (!manifest) return undefined;
  const pm = packageManager(project, manifest);
  const evidence: Evidence[] = [{ what: 'a Node project', from: 'package.json' }];

  const commands: Commands = {};
  const needsInstall =
    Object.keys(manifest.dependencies).length + Object.keys(manifest.devDependencies).length > 0;
  if (needsInstall) {
    commands.install = pm.install;
    evidence.push({ what: `dependencies by "${pm.install}"`, from: pm.from });
  }
  if ('build' in manifest.scripts) {
    commands.build = `${pm.run} build`;
    evidence.push({ what: 'the script "build" builds it', from: 'package.json' });
  }
  const start = await startOf(project, manifest, pm, evidence);
  if (start) commands.start = start;
  const migrate = migration(project, manifest, pm, evidence);
  if (migrate) commands.migrate = migrate;
  const test = manifest.scripts['test'];
  // What `npm init` writes; running it always fails.
  if (test !== undefined && !/no test specified/.test(test)) {
    commands.test = `${pm.run} test`;
    evidence.push({ what: 'the script "test" tests it', from: 'package.json' });
  }
  const framework = frameworks.find(({ name }) => name in manifest.dependencies);
  return {
    stack: 'node',
    claim: commands.start ? 2 : 1,
    ...(manifest.name ? { name: manifest.name.replace(/^@[^/]+\//, '') } : {}),
    ...commands,
    sources: /\.[cm]?[jt]sx?$/,
    usualPort: framework?.port ?? 3000,
    ...(framework ? { portEnv: 'PORT' } : {}),
    evidence,
  };
}
