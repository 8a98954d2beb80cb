import type { FileDiff } from '../../diff.ts';
import type { Statement } from '../statements.ts';
import { isGraphqlPath, isOpenApiPath, isProtobufPath } from './paths.ts';

/** Which lines of each kind of interface declare something others may rely on; the groups, joined, say what. */
const surfaces: readonly { path: (path: string) => boolean; declares: RegExp; onlyDeclarations?: boolean }[] =
  [
    { path: isOpenApiPath, declares: /^\s*["']?(\/[\w{}/.:-]*)["']?\s*:/u },
    {
      path: isGraphqlPath,
      declares:
        /^\s*(?:(?:type|input|enum|interface|union|scalar)\s+(\w+)|(\w+)\s*(?:\([^)]*\))?\s*:\s*[[\w])/u,
    },
    {
      path: isProtobufPath,
      declares:
        /^\s*(?:(?:message|service|enum)\s+(\w+)|rpc\s+(\w+)|(?:repeated\s+|optional\s+)?[\w.<>, ]+\s(\w+\s*=\s*\d+))/u,
    },
    {
      path: (path) => /\.[cm]?tsx?$/iu.test(path),
      declares:
        /^\s*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const|let|var|enum|namespace)\s+(\w+)|^\s*export\s+(\*|\{.*\})/u,
      onlyDeclarations: true,
    },
  ];

/**
 * What the changed lines alone tell of files that could not be read whole: which declarations are gone and not back.
 * Undefined where nothing is declared in a file whose other lines are no interface.
 */
export function declarationsLost(files: readonly FileDiff[]): Statement[] | undefined {
  const statements: Statement[] = [];
  let seen = false;
  for (const surface of surfaces) {
    const touched = files.filter(({ path }) => surface.path(path));
    const declared = (lines: FileDiff['added']) =>
      lines.flatMap(({ text }) => {
        const match = surface.declares.exec(text);
        return match ? [match.slice(1).filter(Boolean).join(' ')] : [];
      });
    const added = new Set(touched.flatMap((file) => declared(file.added)));
    for (const file of touched) {
      const removed = declared(file.removed);
      if (surface.onlyDeclarations && removed.length === 0 && added.size === 0) continue;
      seen = true;
      const lost = removed.filter((name) => !added.has(name));
      const said =
        lost.length > 0
          ? lost.map((name) => ({ text: `removes ${name} from ${file.path}`, breaks: true }))
          : [{ text: `changes ${file.path}`, breaks: false }];
      statements.push(...said);
    }
  }
  return seen ? statements : undefined;
}
