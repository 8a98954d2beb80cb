import { parseArgs } from 'node:util';
import { openGit } from '../providers/runtime/git.ts';
import { scanSecrets } from '../providers/suites/scan-secrets.ts';

// A process of its own: rules of others run on lines of anybody, and whoever started it can end it.
const { positionals } = parseArgs({ allowPositionals: true });
const [root = '', base = '', sha = ''] = positionals;

async function scan(): Promise<void> {
  process.stdout.write(`${JSON.stringify(await scanSecrets(await openGit(root), base, sha))}\n`);
}

scan().catch(() => {
  // What went wrong may quote what was looked at.
  process.exitCode = 1;
});
