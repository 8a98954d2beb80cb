import { composeVerifier } from './compose.ts';
import { OrchestraError, exitCode } from './domain/errors.ts';

const [root, deployment] = process.argv.slice(2);

// The terminal that started it may go away; the look-outs go on.
process.on('SIGHUP', () => undefined);

async function run(folder: string, id: string): Promise<never> {
  try {
    await composeVerifier(folder, id);
    process.exit(0);
  } catch (error) {
    process.stderr.write(
      `${new Date().toISOString()} ${id} ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(error instanceof OrchestraError ? error.exit : exitCode.failed);
  }
}

if (root === undefined || deployment === undefined) {
  process.stderr.write('usage: verifier ROOT DEPLOYMENT\n');
  process.exitCode = exitCode.usage;
} else {
  void run(root, deployment);
}
