import type { Commands, Evidence, StackFindings } from '../detection.ts';
import type { Project } from '../project.ts';

/** Rust with Cargo. */
export async function detectRust(project: Project): Promise<StackFindings | undefined> {
  if (!project.has('Cargo.toml')) return undefined;
  const manifest = await project.text('Cargo.toml');
  const locked = project.has('Cargo.lock') ? ' --locked' : '';
  const evidence: Evidence[] = [{ what: 'a Cargo project', from: 'Cargo.toml' }];
  const commands: Commands = { build: `cargo build --release${locked}`, test: `cargo test${locked}` };

  const packageName = /^\[package\][^[]*?^name\s*=\s*"([\w-]+)"/ms.exec(manifest)?.[1];
  const binaryName = /^\[\[bin\]\][^[]*?^name\s*=\s*"([\w-]+)"/ms.exec(manifest)?.[1];
  const program = binaryName ?? (project.has('src/main.rs') ? packageName : undefined);
  if (program) {
    commands.start = `exec target/release/${program}`;
    evidence.push({ what: 'the program', from: binaryName ? 'Cargo.toml' : 'src/main.rs' });
  }
  if (project.match(/^migrations\/.*\.sql$/) && /^sqlx\b/m.test(manifest)) {
    commands.migrate = 'sqlx migrate run';
    evidence.push({ what: 'sqlx migrates', from: 'migrations' });
  } else if (project.has('diesel.toml')) {
    commands.migrate = 'diesel migration run';
    evidence.push({ what: 'Diesel migrates', from: 'diesel.toml' });
  }
  return {
    stack: 'rust',
    claim: commands.start ? 2 : 1,
    ...(packageName ? { name: packageName } : {}),
    ...commands,
    sources: /\.rs$/,
    usualPort: 8080,
    evidence,
  };
}
