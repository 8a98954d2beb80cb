// ink can talk to React's developer tools, which nobody installs here; without this they and their web socket
// would be part of the bundle.
import path from 'node:path';

const empty = '\0ink-devtools';

/** A rolldown plugin that leaves ink's devtools connection out. */
export function inkWithoutDevtools() {
  return {
    name: 'ink-without-devtools',
    resolveId(source, importer) {
      return source === './devtools.js' && importer?.includes(`${path.sep}ink${path.sep}build`)
        ? empty
        : null;
    },
    load(id) {
      return id === empty ? 'export {};' : null;
    },
  };
}
