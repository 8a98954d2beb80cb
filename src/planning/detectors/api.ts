import type { FileDiff } from '../diff.ts';
import type { Detector } from './detector.ts';
import { isTest } from './tests.ts';

/** One kind of interface: which files declare it, and which lines declare something others may rely on. */
interface Surface {
  name: string;
  path: RegExp;
  /** Its groups, joined, identify what a line declares. */
  declares: RegExp;
  /** Without a declaring line in its diff a file of this kind is no API change. */
  onlyDeclarations?: boolean;
}

const surfaces: readonly Surface[] = [
  {
    name: 'openapi',
    path: /(?:openapi|swagger)[^/]*\.(?:ya?ml|json)$/iu,
    declares: /^\s*["']?(\/[\w{}/.:-]*)["']?\s*:/u,
  },
  {
    name: 'graphql',
    path: /\.(?:graphqls?|gql)$/iu,
    declares:
      /^\s*(?:(?:type|input|enum|interface|union|scalar)\s+(\w+)|(\w+)\s*(?:\([^)]*\))?\s*:\s*[[\w])/u,
  },
  {
    name: 'protobuf',
    path: /\.proto$/iu,
    declares:
      /^\s*(?:(?:message|service|enum)\s+(\w+)|rpc\s+(\w+)|(?:repeated\s+|optional\s+)?[\w.<>, ]+\s(\w+\s*=\s*\d+))/u,
  },
  {
    name: 'routes',
    path: /\.(?:[cm]?[jt]sx?|py|rb|php|go|java|kt|cs|ex)$/iu,
    declares:
      /(?:^|[\s.])(?:app|router|routes?|server|api|fastify|r|e|mux|group)\.(get|post|put|patch|delete|all|route|handle(?:func)?)\(\s*(["'`][^"'`]*["'`])|@(Get|Post|Put|Patch|Delete|Request)(?:Mapping)?\(\s*(["'][^"']*["'])?|@\w+\.(?:(route|get|post|put|patch|delete))\(\s*(["'][^"']*["'])|^\s*(get|post|put|patch|delete|resources?)\s+(["':][^\s,"']+)|\b(?:re_)?(path)\(\s*(r?["'][^"']*["'])|(?:pathname|url|path)\s*===?\s*(["'`]\/[^"'`]*["'`])/iu,
    onlyDeclarations: true,
  },
  {
    name: 'exports',
    path: /(?:^|\/)(?:index|mod|main|public[-_]api|api)\.[cm]?tsx?$|\.d\.[cm]?ts$/iu,
    declares:
      /^\s*export\s+(?:declare\s+)?(?:default\s+)?(?:abstract\s+)?(?:async\s+)?(?:function\*?|class|interface|type|const|let|var|enum|namespace)\s+(\w+)|^\s*export\s+(\*|\{.*\})/u,
    onlyDeclarations: true,
  },
];

const declaredBy = (surface: Surface, lines: FileDiff['added']): string[] =>
  lines.flatMap(({ text }) => {
    const match = surface.declares.exec(text);
    return match ? [match.slice(1).filter(Boolean).join(' ').toLowerCase()] : [];
  });

/** D4: API changes, and whether a caller of today would still be served. */
export const api: Detector = {
  name: 'api',
  detect({ files, breaking }) {
    const paths = new Set<string>();
    let lost = false;
    for (const surface of surfaces) {
      const touched = files.filter(
        (file) => surface.path.test(file.path) && !isTest(file.path) && !file.path.endsWith('.min.js'),
      );
      const added = new Set(touched.flatMap((file) => declaredBy(surface, file.added)));
      for (const file of touched) {
        const removed = declaredBy(surface, file.removed);
        const declares = removed.length > 0 || declaredBy(surface, file.added).length > 0;
        if (!declares && surface.onlyDeclarations) continue;
        paths.add(file.path);
        if (removed.some((declaration) => !added.has(declaration))) lost = true;
      }
    }
    if (paths.size === 0) return breaking ? { breaking } : {};
    return { api: { breaking: lost || breaking, paths: [...paths] }, breaking: lost || breaking };
  },
};
