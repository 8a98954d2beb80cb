import type { FileDiff } from '../../diff.ts';
import { codeForward, isWayBack, sqlForward } from './forward.ts';

/** Statements after which old code, or old data, no longer fits: what is dropped, renamed, retyped or made obligatory. */
const destructive: readonly RegExp[] = [
  /\bdrop\s+(?:table|column|database|schema|type|view)\b/iu,
  /\balter\s+table\b.*\b(?:drop(?!\s+(?:default|index|not\s+null|constraint))|rename|modify)\b/iu,
  /^\s*(?:drop|rename)\s+(?:column|to)\b/iu,
  /\btruncate\b|\bdelete\s+from\b/iu,
  /\balter\s+column\b.*\b(?:type|set\s+not\s+null)\b|\bset\s+not\s+null\b|\bset\s+data\s+type\b/iu,
  /\b(?:drop|remove|rename|change)(?:Table|Column|Field|Schema|Type)\b/u,
  /\.(?:dropTable|dropTableIfExists|dropColumns?|dropSchema|renameColumn|renameTable|alter)\s*\(/u,
  /\b(?:drop_table|drop_join_table|remove_columns?|remove_reference|rename_column|rename_table|change_column|drop_column|alter_column)\b/u,
  /\b(?:RemoveField|DeleteModel|RenameField|RenameModel|AlterField|RunSQL)\b/u,
  /<(?:dropTable|dropColumn|renameColumn|renameTable|modifyDataType|addNotNullConstraint)\b/u,
];

/** Whether an added line of a migration destroys, told without reading the file as a whole. */
export function destroysByLines(file: FileDiff): boolean {
  if (isWayBack(file.path)) return false;
  const text = file.added.map((line) => line.text).join('\n');
  const forward = file.path.endsWith('.sql') ? sqlForward(text) : codeForward(text);
  return forward
    .split('\n')
    .some((line) => !/^\s*(?:--|#|\/\/|\*)/u.test(line) && destructive.some((pattern) => pattern.test(line)));
}
