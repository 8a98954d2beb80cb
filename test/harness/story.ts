import type { Greeter } from './greeter.ts';
import type { RealTerminal } from './terminal.ts';
import { sendUsers, type Users } from './users.ts';

/** Who a story is told of: users that are served, and a person at a terminal. Whoever begins one ends both. */
export interface Story {
  users: Users;
  ui: RealTerminal;
}

/** Deploys `version` for the first time, lets users in, and opens the screen. Throws where the deployment fails. */
export async function beginStory({ journey, port }: Greeter, version: string): Promise<Story> {
  const asked = ['deploy', 'production', '--version', version, '--yes', '--no-input', '--json'];
  const first = await journey.run(...asked);
  if (first.code !== 0) throw new Error(first.stdout + first.stderr);
  return { users: sendUsers(port), ui: journey.openUi() };
}
