import type { FileDiff } from '../diff.ts';
import type { ChangeView, Detector } from './detector.ts';
import { isSchemaPath, migrationKind } from './migration-kind.ts';
import { destroysByLines } from './schema/by-lines.ts';
import { isWayBack } from './schema/forward.ts';
import { isDeclared, losesDeclaration } from './schema/declared.ts';
import { sidesOf } from './sides.ts';
import { type Statement, tell } from './statements.ts';

interface Found {
  kind: string;
  file: FileDiff;
}

/** A statement and the file it is read from. */
interface Told extends Statement {
  path: string;
}

/** D3: schema changes, destructive ones told from additive ones, and what they do. */
export const schema: Detector = {
  name: 'schema',
  wants: isSchemaPath,
  async detect(change) {
    const found = change.files.flatMap((file): Found[] => {
      const text = () => [...file.added, ...file.removed].map((line) => line.text).join('\n');
      const kind = migrationKind(file.path, text);
      return kind === undefined ? [] : [{ kind, file }];
    });
    if (found.length === 0) return {};
    const steps: Told[] = [];
    for (const one of found)
      if (!isDeclared(one.file.path)) steps.push(...from(one, await readChangedStep(change, one)));
    const said = withoutOwn(steps);
    // A tool writes the declared schema from its steps: where there are steps, they say it better.
    const declared: Told[] = [];
    for (const one of found)
      if (said.length === 0 && isDeclared(one.file.path))
        declared.push(...from(one, await readChangedSchema(change, one)));
    // Without steps, a declared schema that declares what it did is none: a comment, a version, a generator's option.
    if (steps.length === 0 && declared.length === 0) return {};
    const statements = [...said, ...declared];
    const changes = tell(statements.filter(({ text }) => text !== ''));
    const rank = ({ file }: Found) => {
      const own = statements.filter(({ path }) => path === file.path);
      return own.some(({ breaks }) => breaks) ? 0 : own.length > 0 ? 1 : 2;
    };
    const [first, ...others] = found.toSorted((a, b) => rank(a) - rank(b));
    if (!first) return {};
    return {
      schema: {
        kind: first.kind,
        destructive: statements.some(({ breaks }) => breaks),
        paths: [first, ...others].map(({ file }) => file.path),
        ...(changes.length > 0 && { changes }),
      },
    };
  },
};

const from = ({ file }: Found, statements: readonly Statement[]): Told[] =>
  statements.map((statement) => ({ ...statement, path: file.path }));

/** What is done to a table that the same change makes harms nobody, and goes without saying. */
function withoutOwn(statements: readonly Told[]): Told[] {
  const made = new Set(statements.flatMap(({ text }) => /^adds table (\S+)$/u.exec(text)?.[1] ?? []));
  return statements.filter(({ text }) => {
    const table =
      /^(?:adds column|makes|changes|adds index (?:\S+ )?on|adds an? (?:foreign key|check|unique constraint) to) (\S+)/u.exec(
        text,
      )?.[1];
    if (table === undefined) return true;
    return !made.has(table) && !made.has(table.slice(0, Math.max(0, table.lastIndexOf('.'))));
  });
}

/** A change without a way to say what: lines told whether it destroys. */
const unnamed = (breaks: boolean): Statement[] => [{ text: '', breaks }];

/** What a step says now that it did not say before; where that is nothing anyone can name, that it is there. */
async function readChangedStep(change: ChangeView, { kind, file }: Found): Promise<Statement[]> {
  if (isWayBack(file.path)) return unnamed(false);
  const verb = file.status === 'deleted' ? 'removes' : file.status === 'added' ? 'runs' : 'edits';
  const present: Statement = { text: `${verb} ${file.path}`, breaks: false };
  if (file.status === 'deleted') return [present];
  const sides = sidesOf(change, file);
  if (!sides) return unnamed(destroysByLines(file));
  const { readStep } = await import('./schema/steps.ts');
  const now = readStep(kind, file.path, sides.after);
  if (!now) return unnamed(destroysByLines(file));
  const before = new Set((readStep(kind, file.oldPath, sides.before) ?? []).map(({ text }) => text));
  const fresh = now.filter(({ text }) => !before.has(text));
  return fresh.length > 0 ? fresh : [present];
}

async function readChangedSchema(change: ChangeView, { file }: Found): Promise<Statement[]> {
  const sides = sidesOf(change, file);
  if (!sides) return unnamed(losesDeclaration(file));
  const { compareDeclared } = await import('./schema/compare-declared.ts');
  const statements = compareDeclared(file.path, sides);
  return statements.length === 0 && file.status !== 'modified' ? unnamed(false) : statements;
}
