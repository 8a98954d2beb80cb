import type { Column } from './model.ts';
import { NameReader } from './sql-names.ts';
import { isWord, type SqlToken } from './sql-tokens.ts';

const constraints = [
  'CONSTRAINT',
  'PRIMARY',
  'UNIQUE',
  'FOREIGN',
  'INDEX',
  'KEY',
  'CHECK',
  'FULLTEXT',
  'SPATIAL',
  'EXCLUDE',
  'LIKE',
  'PERIOD',
  'PROJECTION',
];

/** A column's definition; undefined for a constraint, or what is neither. */
export function columnOf(
  tokens: readonly SqlToken[],
): { name: string; column: Column; obligatory: boolean } | undefined {
  if (isWord(tokens[0], ...constraints)) return undefined;
  const reader = new NameReader(tokens);
  const name = reader.name();
  if (name === undefined) return undefined;
  const rest = reader.rest();
  const type = reader.type();
  const notNull = rest.some(
    (token, i) => (isWord(token, 'NOT') && isWord(rest[i + 1], 'NULL')) || isWord(token, 'PRIMARY'),
  );
  const filled =
    /^(?:big|small)?serial\d?$/iu.test(type) ||
    rest.some((token) =>
      isWord(
        token,
        'DEFAULT',
        'GENERATED',
        'IDENTITY',
        'AUTO_INCREMENT',
        'AUTOINCREMENT',
        'AS',
        'ROWVERSION',
      ),
    );
  return { name, column: { type, required: notNull, filled }, obligatory: notNull && !filled };
}
