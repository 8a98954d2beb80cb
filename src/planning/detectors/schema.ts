import type { FileDiff } from '../diff.ts';
import type { ChangeView, Detector } from './detector.ts';
import { isSchemaPath, migrationKind } from './migration-kind.ts';
import { destroysByLines } from './schema/by-lines.ts';
import { isDeclared, losesDeclaration } from './schema/declared.ts';
import { sidesOf } from './sides.ts';
import { type Statement, tell } from './statements.ts';

interface Found {
  kind: string;
  file: FileDiff;
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
    const [first] = found;
    if (!first) return {};
    const steps = await Promise.all(
      found.filter(({ file }) => !isDeclared(file.path)).map((one) => readChangedStep(change, one)),
    );
    const said = withoutOwn(steps.flat());
    // A tool writes the declared schema from its steps: where there are steps, they say it better.
    const declared =
      said.length > 0
        ? []
        : await Promise.all(
            found.filter(({ file }) => isDeclared(file.path)).map((one) => readChangedSchema(change, one)),
          );
    const statements = [...said, ...declared.flat()];
    const changes = tell(statements.filter(({ text }) => text !== ''));
    return {
      schema: {
        kind: first.kind,
        destructive: statements.some(({ breaks }) => breaks),
        paths: found.map(({ file }) => file.path),
        ...(changes.length > 0 && { changes }),
      },
    };
  },
};

/** What is done to a table that the same change makes harms nobody, and goes without saying. */
function withoutOwn(statements: readonly Statement[]): Statement[] {
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

/** What is destroyed without a way to say what: lines told it. */
const unnamed = (breaks: boolean): Statement[] => (breaks ? [{ text: '', breaks }] : []);

/** What a step says now that it did not say before. */
async function readChangedStep(change: ChangeView, { kind, file }: Found): Promise<Statement[]> {
  if (file.status === 'deleted') return [];
  const sides = sidesOf(change, file);
  if (!sides) return unnamed(destroysByLines(file));
  const { readStep } = await import('./schema/steps.ts');
  const now = readStep(kind, file.path, sides.after);
  if (!now) return unnamed(destroysByLines(file));
  const before = new Set((readStep(kind, file.oldPath, sides.before) ?? []).map(({ text }) => text));
  return now.filter(({ text }) => !before.has(text));
}

async function readChangedSchema(change: ChangeView, { file }: Found): Promise<Statement[]> {
  const sides = sidesOf(change, file);
  if (!sides) return unnamed(losesDeclaration(file));
  const { compareDeclared } = await import('./schema/compare-declared.ts');
  return compareDeclared(file.path, sides);
}
