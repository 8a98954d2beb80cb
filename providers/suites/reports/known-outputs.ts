/** Runners that write reports unasked, or tell in their own arguments where: how a command line is known, and where they are. */
const runners: readonly { runs: RegExp; reports: readonly string[] }[] = [
  {
    runs: /(?:^|[\s/;&|(])(?:mvn|mvnw)(?=\s|$)/,
    reports: ['**/target/surefire-reports/*.xml', '**/target/failsafe-reports/*.xml'],
  },
  { runs: /(?:^|[\s/;&|(])(?:gradle|gradlew)(?=\s|$)/, reports: ['**/build/test-results/**/*.xml'] },
];

/** Options by which pytest, PHPUnit, jest, vitest, mocha, node and rspec are told where to write. */
const told =
  /(?:^|\s)(?:--junit-?xml|--log-junit|--outputFile(?:\.(?:json|junit))?|--reporter-options? output|--test-reporter-destination|--out)[= ](['"]?)([\w./@+-]{1,200})\1(?=\s|$)/g;

/** Where the reports of a command line are that says no more, as paths and patterns below the work tree. */
export function knownOutputs(command: string): string[] {
  const line = command.slice(0, 4000);
  const paths = [...line.matchAll(told)]
    .map(([, , path = '']) => path)
    .filter((path) => /[./]/.test(path) && !path.startsWith('/') && !path.split('/').includes('..'));
  const byRunner = runners.filter(({ runs }) => runs.test(line)).flatMap(({ reports }) => reports);
  return [...new Set([...paths, ...byRunner])];
}
