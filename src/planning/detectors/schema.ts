import type { FileDiff } from '../diff.ts';
import type { Detector } from './detector.ts';
import { migrationKind } from './migration-kind.ts';

/** Statements after which old code, or old data, no longer fits: what is dropped, renamed, retyped or made obligatory. */
const destructive: readonly RegExp[] = [
  /\bdrop\s+(?:table|column|database|schema|type|view|constraint)\b/iu,
  /\balter\s+table\b.*\b(?:drop(?!\s+(?:default|index|not\s+null))|rename|modify)\b/iu,
  /^\s*(?:drop|rename)\s+(?:column|to)\b/iu,
  /\btruncate\b|\bdelete\s+from\b/iu,
  /\balter\s+column\b.*\b(?:type|set\s+not\s+null)\b|\bset\s+not\s+null\b|\bset\s+data\s+type\b/iu,
  /\b(?:drop|remove|rename|change)(?:Table|Column|Field|Schema|Type)\b/u,
  /\.(?:dropTable|dropTableIfExists|dropColumns?|dropSchema|renameColumn|renameTable|alter)\s*\(/u,
  /\b(?:drop_table|drop_join_table|remove_columns?|remove_reference|rename_column|rename_table|change_column|drop_column|alter_column)\b/u,
  /\b(?:RemoveField|DeleteModel|RenameField|RenameModel|AlterField|RunSQL)\b/u,
  /<(?:dropTable|dropColumn|renameColumn|renameTable|modifyDataType|addNotNullConstraint)\b/u,
];

const downFile = /(?:[._-](?:down|undo|rollback|revert)\.[a-z]+|(?:^|\/)down\.sql|(?:^|\/)U\d[^/]*__[^/]*)$/u;
const downStarts =
  /\b(?:exports\.down|async\s+down|function\s+down|const\s+down|def\s+(?:self\.)?down(?:grade)?)\b|^\s*(?:public\s+)?(?:async\s+)?down\s*[:(=]|^\s*--\s*(?:\+goose\s+down|migrate:down|rollback|\+migrate\s+down|down)\b|<rollback\b/iu;
const upStarts =
  /\b(?:exports\.up|async\s+up|function\s+up|const\s+up|def\s+(?:self\.)?up(?:grade)?)\b|^\s*(?:public\s+)?(?:async\s+)?up\s*[:(=]|^\s*--\s*(?:\+goose\s+up|migrate:up|\+migrate\s+up|up)\b|<\/rollback\b/iu;

/** The added lines that act on the way forward: a migration's own way back may drop what it made. */
function forwardLines(file: FileDiff): string[] {
  if (downFile.test(file.path)) return [];
  let down = false;
  return file.added
    .map(({ text }) => text)
    .filter((line) => {
      if (upStarts.test(line)) down = false;
      else if (downStarts.test(line)) down = true;
      return !down && !/^\s*(?:--|#|\/\/|\*)/u.test(line);
    });
}

/** In a declared schema (Prisma, schema.rb) a line that is gone and not back is a column or table that is gone. */
function losesDeclaration(file: FileDiff): boolean {
  if (!/\.prisma$|(?:^|\/)schema\.rb$|(?:^|\/)(?:schema|structure)\.sql$/u.test(file.path)) return false;
  const key = (text: string) => text.trim().replace(/,$/u, '').split(/\s+/u).slice(0, 2).join(' ');
  const declaration = /^\s*(?:\w+\s+\w|t\.|create_table|model\b)/u;
  const skip = /version:|^\s*(?:end|\}|\)|\/\/|--|#|@@)/u;
  const back = new Set(file.added.map(({ text }) => key(text)));
  return file.removed.some(({ text }) => declaration.test(text) && !skip.test(text) && !back.has(key(text)));
}

/** D3: schema changes, destructive ones told from additive ones. */
export const schema: Detector = {
  name: 'schema',
  detect({ files }) {
    const found = files.flatMap((file) => {
      const text = () => [...file.added, ...file.removed].map((line) => line.text).join('\n');
      const kind = migrationKind(file.path, text);
      return kind === undefined ? [] : [{ kind, file }];
    });
    const first = found[0];
    if (!first) return {};
    return {
      schema: {
        kind: first.kind,
        destructive: found.some(
          ({ file }) =>
            losesDeclaration(file) ||
            forwardLines(file).some((line) => destructive.some((pattern) => pattern.test(line))),
        ),
        paths: found.map(({ file }) => file.path),
      },
    };
  },
};
