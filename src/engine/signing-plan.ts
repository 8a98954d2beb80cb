import type { SigningPlan } from '../domain/artifact.ts';
import type { Settings } from '../domain/settings.ts';
import type { Git } from '../ports/git.ts';

/** How artifacts are signed here: what `orchestra.yaml` says, else what git signs commits with, where that is an ssh key. */
export async function signingPlan(git: Git, { signing }: Pick<Settings, 'signing'>): Promise<SigningPlan> {
  const { ssh_key: key, allowed_signers: allowed, command } = signing;
  const asked = async (...args: readonly string[]) => {
    const { stdout, exitCode } = await git.run(['config', ...args], { accept: [0, 1, 128] });
    const value = stdout.toString('utf8').trim();
    return exitCode === 0 && value !== '' ? value : undefined;
  };
  const bySsh = (await asked('--get', 'gpg.format')) === 'ssh';
  const sshKey = key ?? (bySsh ? await asked('--get', 'user.signingkey') : undefined);
  const allowedSigners = allowed ?? (await asked('--type=path', '--get', 'gpg.ssh.allowedSignersFile'));
  return {
    ...(sshKey === undefined ? {} : { sshKey }),
    ...(allowedSigners === undefined ? {} : { allowedSigners }),
    ...(command === undefined ? {} : { command }),
  };
}
