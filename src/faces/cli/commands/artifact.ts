import type { Command } from 'commander';
import { exitCode } from '../../../domain/errors.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { ArtifactLook } from '../../../engine/artifacts-view.ts';
import type { Context } from '../context.ts';

/** `artifact verify` and `artifact list`: what was built, and whether it still is that. */
export function addArtifacts(
  command: Command,
  act: (run: (context: Context) => Promise<number>) => Promise<void>,
): void {
  command.description('what was built once and is promoted unchanged');
  command
    .command('verify')
    .description('look at every byte and the signature; exit code 1 where something is wrong')
    .argument('[wanted]', 'a deployment, or the beginning of a digest; without it, all that serves')
    .action((wanted: string | undefined) => act((c) => verify(c, wanted)));
  command
    .command('list')
    .description('what is kept, the newest first')
    .action(() => act(list));
}

async function verify({ orchestrator, output }: Context, wanted: string | undefined): Promise<number> {
  const looks = await orchestrator.verifyArtifacts(wanted);
  output.data({ schema: 'orchestra/artifact-list@1', artifacts: looks });
  output.text(
    looks.length === 0 ? ['nothing that serves has an artifact'] : looks.flatMap((look) => showLook(look)),
  );
  return looks.some(({ status }) => status !== 'whole') ? exitCode.failed : exitCode.done;
}

function showLook({ status, detail, of, signature }: ArtifactLook): string[] {
  const signed =
    signature.kind === 'verified'
      ? `signed by ${signature.principal} at ${signature.at} with ${signature.key}`
      : signature.kind === 'bad'
        ? `its signature does not count: ${signature.why}`
        : `signature: ${signature.why}`;
  const mark = status === 'whole' ? '✔' : '✖';
  return [
    safeText(`${mark} ${detail} (${of.join(', ')})`, 500),
    ...(status === 'altered' ? [] : [safeText(`  ${signed}`, 500)]),
  ];
}

async function list({ orchestrator, output }: Context): Promise<number> {
  const kept = await orchestrator.artifacts();
  output.data({
    schema: 'orchestra/artifact-list@1',
    artifacts: kept.map(({ digest, size, manifest: { commit, tree, services } }) => ({
      digest,
      size,
      commit,
      tree,
      services: services.map(({ name }) => name),
    })),
  });
  output.text(
    kept.length === 0
      ? ['no artifact is kept']
      : kept.map(({ digest, size, manifest }) =>
          safeText(
            `${digest.slice(0, 12)}  ${manifest.commit.slice(0, 12)}  ${size} bytes  ${manifest.services.map(({ name }) => name).join(', ')}`,
            300,
          ),
        ),
  );
  return exitCode.done;
}
