import type { Sides } from '../sides.ts';
import type { Statement } from '../statements.ts';
import { compareModels } from './model.ts';
import { comparePrisma } from './prisma.ts';
import { compareRailsSchema } from './rails-schema.ts';
import { sqlModel } from './sql.ts';

/** What turns one declared schema into the other. */
export function compareDeclared(path: string, { before, after }: Sides): Statement[] {
  if (path.endsWith('.prisma')) return comparePrisma(before, after);
  return path.endsWith('.rb')
    ? compareRailsSchema(before, after)
    : compareModels(sqlModel(before), sqlModel(after));
}
