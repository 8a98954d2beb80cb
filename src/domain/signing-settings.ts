import { z } from 'zod';

const argv = z.array(z.string().min(1)).min(1).max(100);

/** `signing`: how artifacts are signed and their signatures verified; paths and commands, never a key. */
export const signingSettingsSchema = z.strictObject({
  ssh_key: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the ssh key that signs artifacts, or of its public half where an agent holds the key. Without it: git’s `user.signingkey`, where `gpg.format` is `ssh`.',
    ),
  allowed_signers: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Path of the file that says whose keys are believed (`ssh-keygen(1)`, ALLOWED SIGNERS). Without it: git’s `gpg.ssh.allowedSignersFile`.',
    ),
  command: z
    .strictObject({
      sign: argv.describe(
        'Signs `{statement}` and writes the signature to `{signature}`; no shell reads it.',
      ),
      verify: argv.describe('Ends with 0 only where `{signature}` is a signature of `{statement}`.'),
      identity: z
        .string()
        .min(1)
        .describe('Whose signatures it verifies: the principal that gates and reports name.'),
    })
    .optional()
    .describe('A program of one’s own that signs and verifies instead, such as cosign.'),
});
export type SigningSettings = z.infer<typeof signingSettingsSchema>;
