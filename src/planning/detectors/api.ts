import type { FileDiff } from '../diff.ts';
import {
  isGraphqlPath,
  isOpenApiPath,
  isProtobufPath,
  isPublicModule,
  isNobodysInterface,
} from './api/paths.ts';
import { declarationsLost } from './api/surfaces.ts';
import { routeChanges } from './api/routes.ts';
import type { ChangeView, Detector } from './detector.ts';
import { sidesOf } from './sides.ts';
import { type Statement, tell } from './statements.ts';
import { isTest } from './tests.ts';

/** D4: API changes, whether a caller of today would still be served, and what they are. */
export const api: Detector = {
  name: 'api',
  wants: (path) =>
    !skipped(path) &&
    (isOpenApiPath(path) || isGraphqlPath(path) || isProtobufPath(path) || isPublicModule(path)),
  async detect(change) {
    const files = change.files.filter(({ path, oldPath }) => !skipped(path) || !skipped(oldPath));
    const parts = [
      await perFile(
        change,
        files.filter(({ path }) => isOpenApiPath(path)),
        openApi,
      ),
      await graphqlTogether(
        change,
        files.filter(({ path }) => isGraphqlPath(path)),
      ),
      await perFile(
        change,
        files.filter(({ path }) => isProtobufPath(path)),
        protobuf,
      ),
      movedExports(
        await perFile(
          change,
          files.filter(({ path }) => isPublicModule(path)),
          exportsOf,
        ),
      ),
      routeChanges(files),
    ];
    const paths = [...new Set(parts.flatMap((part) => part.paths))];
    const statements = parts.flatMap((part) => part.statements);
    const breaking = change.breaking || statements.some(({ breaks }) => breaks);
    if (paths.length === 0) return change.breaking ? { breaking: true } : {};
    const changes = tell(statements.filter(({ text }) => text !== ''));
    return { api: { breaking, paths, ...(changes.length > 0 && { changes }) }, breaking };
  },
};

/** What some files of one kind amount to. */
interface Part {
  paths: string[];
  statements: Statement[];
}

function skipped(path: string): boolean {
  return isTest(path) || isNobodysInterface(path);
}

type Read = (file: FileDiff, before: string, after: string) => Promise<Statement[] | undefined>;

async function perFile(change: ChangeView, files: readonly FileDiff[], read: Read): Promise<Part> {
  const part: Part = { paths: [], statements: [] };
  for (const file of files) {
    const sides = sidesOf(change, file);
    const statements = (sides && (await read(file, sides.before, sides.after))) ?? declarationsLost([file]);
    if (!statements) continue;
    part.statements.push(...statements);
    if (statements.length > 0) part.paths.push(file.path);
  }
  return part;
}

const openApi: Read = async (file, before, after) => {
  const { compareOpenApi } = await import('./api/openapi.ts');
  return compareOpenApi(file.path, { before, after });
};

const protobuf: Read = async (_, before, after) => {
  const { compareProtobuf } = await import('./api/protobuf.ts');
  return compareProtobuf(before, after);
};

const exportsOf: Read = async (file, before, after) => {
  const touched = [...file.added, ...file.removed].some(
    ({ text }) => text.trim() !== '' && !/^\s*(?:\/\/|\*|import\b)/u.test(text),
  );
  if (!touched) return [];
  const { compareExports } = await import('./api/exports.ts');
  return compareExports(file.path, before, after);
};

/** Several files make one GraphQL schema, and a type may move between them: both sides are read as one text. */
async function graphqlTogether(change: ChangeView, files: readonly FileDiff[]): Promise<Part> {
  if (files.length === 0) return { paths: [], statements: [] };
  const sides = files.map((file) => sidesOf(change, file));
  const { compareGraphql } = await import('./api/graphql.ts');
  const text = (side: 'before' | 'after') => sides.map((one) => one?.[side] ?? '').join('\n');
  const statements = sides.every(Boolean) ? compareGraphql(text('before'), text('after')) : undefined;
  const found = statements ?? declarationsLost(files) ?? [];
  return { paths: found.length > 0 ? files.map(({ path }) => path) : [], statements: found };
}

/** A name that leaves one module and turns up in another has moved; whoever imports by path still sees it go. */
function movedExports({ paths, statements }: Part): Part {
  const added = new Set(statements.flatMap(({ text }) => /^adds export (\S+) to /u.exec(text)?.[1] ?? []));
  return {
    paths,
    statements: statements.map((statement) => {
      const gone = /^removes export (\S+) from /u.exec(statement.text)?.[1];
      return gone !== undefined && gone !== 'default' && added.has(gone)
        ? { text: statement.text.replace('removes', 'moves'), breaks: false }
        : statement;
    }),
  };
}
