import type { Statement } from '../statements.ts';
import { readCode } from './code.ts';
import { readDjango } from './django.ts';
import { codeForward, isWayBack, sqlForward } from './forward.ts';
import { readLiquibase } from './liquibase.ts';
import { readSql } from './sql.ts';

/** What a migration's file does on the way forward; undefined where its text could not be read as what it is. */
export function readStep(kind: string, path: string, text: string): Statement[] | undefined {
  if (isWayBack(path) || text === '') return [];
  if (path.endsWith('.sql')) return readSql(sqlForward(text));
  if (kind === 'liquibase') return readLiquibase(path, text);
  if (kind === 'django') return readDjango(text);
  if (/\.(?:rb|exs?)$/u.test(path)) return readCode(codeForward(text), 'ruby');
  if (path.endsWith('.py')) {
    const django = /\bmigrations\.Migration\b/u.test(text);
    return django ? readDjango(text) : readCode(codeForward(text), 'python');
  }
  return /\.(?:json|ya?ml)$/u.test(path) ? undefined : readCode(codeForward(text), 'other');
}
