import { candidatePlaces } from '../../domain/places.ts';
import type { Deployment } from '../../domain/deployment.ts';
import type { Document } from '../../ports/memory.ts';
import { shippedVersion } from './facts.ts';

/** A value as one word of a POSIX shell, whatever it holds. */
export function shellWord(value: string): string {
  const plain = value.replaceAll('\0', '');
  return /^[A-Za-z0-9_./:@%+,-]+$/.test(plain) && !plain.startsWith('-')
    ? plain
    : `'${plain.replaceAll("'", `'\\''`)}'`;
}

/** Comments are constant and values are quoted words: nothing from a commit can become a line of the script. */
function script(name: string, purpose: string, lines: readonly string[]): Document {
  const text = [
    '#!/bin/sh',
    `# ${purpose}`,
    '# ORCHESTRATE names the program where it is not on the PATH.',
    'set -eu',
    'orchestrate=${ORCHESTRATE:-orchestrate}',
    'root=$(git -C "$(dirname -- "$0")" rev-parse --show-toplevel)',
    ...lines,
    '',
  ].join('\n');
  return { name, text, executable: true };
}

/** `deploy.sh`, `verify.sh` and `rollback.sh`: the program's own commands for this deployment, to run by hand or from CI. */
export function helperScripts(deployment: Deployment): Document[] {
  const environment = shellWord(deployment.environment);
  const version = shippedVersion(deployment);
  const { plan } = deployment;
  const urls = candidatePlaces(plan).map(
    ({ host, port, service }) => `http://${host}:${port}${service.health.path}`,
  );
  const sha = version && /^[0-9a-f]{40,64}$/.test(version.sha) ? version.sha : undefined;
  const deploy =
    sha === undefined
      ? [
          'echo "No revision was built for this deployment; prepare it anew with: orchestrate deploy" >&2',
          'exit 1',
        ]
      : [
          `exec "$orchestrate" -C "$root" deploy --env ${environment} --version ${sha} --strategy ${shellWord(plan.strategy)} "$@"`,
        ];
  const expected =
    sha === undefined
      ? []
      : [
          `expected=${sha}`,
          `deployed=$(git -C "$root" rev-parse --verify --quiet --end-of-options ${shellWord(`refs/orchestra/deployed/${deployment.environment}`)} || true)`,
          'if [ "$deployed" != "$expected" ]; then',
          '  echo "FAILED: deployed is ${deployed:-nothing}, expected $expected" >&2',
          '  exit 1',
          'fi',
          'echo "ok: $expected is the deployed revision"',
        ];
  return [
    script(
      'deploy.sh',
      'Ships the revision that was built for this deployment. Arguments are passed on.',
      deploy,
    ),
    script(
      'verify.sh',
      'Checks that the expected revision is deployed and that ten requests in a row find it healthy.',
      [
        `"$orchestrate" -C "$root" deploy status --env ${environment}`,
        ...expected,
        "node -e '",
        '  let url;',
        '  (async () => {',
        '    for (url of process.argv.slice(1)) {',
        '    for (let i = 0; i < 10; i += 1) {',
        '      const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });',
        '      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);',
        '    }',
        '    console.log(`ok: ${url} answered ten times`);',
        '    }',
        '  })().catch((error) => {',
        '    console.error(`FAILED: ${url}: ${error.message}`);',
        '    process.exit(1);',
        '  });',
        `' ${urls.map(shellWord).join(' ')}`,
      ],
    ),
    script(
      'rollback.sh',
      'Takes the traffic back: in the middle of a rollout it ends that rollout (exit code 3), afterwards it deploys the version before.',
      [`exec "$orchestrate" -C "$root" deploy rollback --env ${environment} "$@"`],
    ),
  ];
}
