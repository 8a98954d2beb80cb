import type { Flags } from './feature.ts';

/** Everything that was seen of a change beyond code, what breaks first, in the order in which a person decides. */
export function statementsOf(flags: Flags): string[] {
  return groupedStatements(flags).flatMap(({ statements }) => statements);
}

/** The same under the words of the flags. */
export function groupedStatements(flags: Flags): { flag: string; statements: readonly string[] }[] {
  return [
    { flag: 'schema', statements: flags.schema?.changes ?? [] },
    { flag: 'API', statements: flags.api?.changes ?? [] },
    { flag: 'dependencies', statements: flags.dependencyChanges ?? [] },
    { flag: 'configuration', statements: flags.configChanges ?? [] },
    { flag: 'infrastructure', statements: flags.infrastructureChanges ?? [] },
  ].filter(({ statements }) => statements.length > 0);
}
