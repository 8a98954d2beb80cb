import { composeConductor } from './compose.ts';
import { OrchestraError, exitCode } from './domain/errors.ts';

const [root, deployment] = process.argv.slice(2);

// The terminal that started it may go away; the deployment goes on.
process.on('SIGHUP', () => undefined);

if (root === undefined || deployment === undefined) {
  process.stderr.write('usage: conductor ROOT DEPLOYMENT\n');
  process.exitCode = exitCode.usage;
} else {
  try {
    await composeConductor(root, deployment);
    process.exit(0);
  } catch (error) {
    process.stderr.write(
      `${new Date().toISOString()} ${deployment} ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(error instanceof OrchestraError ? error.exit : exitCode.failed);
  }
}
