import type { Flags } from '../../domain/feature.ts';
import type { FileDiff } from '../diff.ts';
import {
  isGraphqlPath,
  isOpenApiPath,
  isProtobufPath,
  isPublicModule,
  isNobodysInterface,
} from './api/paths.ts';
import { onlyInBodies } from './api/bodies.ts';
import { declarationsLost } from './api/surfaces.ts';
import { needsWhole, routeChanges } from './api/routes.ts';
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
  wantsFor: (file) => !skipped(file.path) && needsWhole(file),
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
      routeChanges(files, (file, side) => change.text(file, side)),
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

/** What a change does to what one module offers; whether others can import that module is not known from a change. */
export interface Offered {
  path: string;
  breaking: boolean;
  changes: string[];
}

/** D4: what a change does to the exports of modules that others may import, by module. */
export async function detectOffers(change: ChangeView): Promise<Offered[]> {
  const files = change.files.filter(({ path }) => isPublicModule(path) && !skipped(path));
  const parts: Part[] = [];
  for (const file of files) parts.push(await perFile(change, [file], exportsOf));
  const added = new Set(
    parts.flatMap(({ statements }) =>
      statements.flatMap(({ text }) => /^adds export (\S+) to /u.exec(text)?.[1] ?? []),
    ),
  );
  return parts.flatMap(({ paths: [path], statements }) => {
    if (path === undefined) return [];
    const told = movedExports(statements, added);
    return [{ path, breaking: told.some(({ breaks }) => breaks), changes: tell(told) }];
  });
}

/** What modules offer, as flags. */
export function flagsOfOffers(offers: readonly Offered[]): Partial<Flags>[] {
  return offers.map(({ path, breaking, changes }) => ({
    api: { breaking, paths: [path], ...(changes.length > 0 && { changes }) },
    breaking,
  }));
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
  if (!touched || onlyInBodies(file, { before, after })) return [];
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
function movedExports(statements: readonly Statement[], added: ReadonlySet<string>): Statement[] {
  return statements.map((statement) => {
    const gone = /^removes export (\S+) from /u.exec(statement.text)?.[1];
    return gone !== undefined && gone !== 'default' && added.has(gone)
      ? { text: statement.text.replace('removes', 'moves'), breaks: false }
      : statement;
  });
}
