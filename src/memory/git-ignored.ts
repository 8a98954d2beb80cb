import path from 'node:path';
import { createFileAtomic } from '../../providers/runtime/atomic-file.ts';

const text = `# Each deployment changes these, and they belong to no branch: committed, they stand in the way of a checkout.
/config.json
/environments.json
/progress.json*
/progress-status.txt
/selection.json
/current/
/exports/
/history/
/patterns/
*.corrupt-*
*.lock
.*
`;

/** Has git leave alone what deployments write into the memory, in every clone, also where nobody ran `init`; a file of one's own stays. */
export async function keepOutOfGit(dir: string): Promise<void> {
  await createFileAtomic(path.join(dir, '.gitignore'), text, { durable: false });
}
