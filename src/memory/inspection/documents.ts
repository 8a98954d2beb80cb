import path from 'node:path';
import { z } from 'zod';
import { failed, passed, warning, type Finding } from '../../domain/check.ts';
import { savedSelectionSchema } from '../../domain/choice.ts';
import { environmentsName, environmentsSchema } from '../../domain/environments-document.ts';
import { OrchestraError, messageOf } from '../../domain/errors.ts';
import { configName, patternsSchema } from '../../domain/memory.ts';
import { changeLearningName, changeLearningSchema } from '../../domain/risk/change-learning.ts';
import { counted } from '../../domain/counted.ts';
import { configSchema } from '../config-document.ts';
import { CorruptDocument } from '../corrupt-document.ts';
import { JsonFile } from '../json-file.ts';
import { layoutOf } from '../layout.ts';

const derived = 'The next command that reads it sets it aside and makes it again.';

/** Whether a document parses and is of a version that is known; undefined where there is none. */
async function look<T>(
  file: string,
  schema: z.ZodType<T>,
  name: string,
  fix: string,
  checked = true,
): Promise<Finding | undefined> {
  const short = path.basename(file);
  try {
    if ((await new JsonFile(file, schema, name, { checked }).read()) === null) return undefined;
    return passed(`${short} is ${name}`);
  } catch (error) {
    if (error instanceof CorruptDocument) return failed(`${short} does not parse: ${error.message}`, fix);
    if (error instanceof OrchestraError) return failed(error.message, error.hint);
    return failed(`${short} cannot be read: ${messageOf(error)}`, 'Check its rights.');
  }
}

/** Every document of its own, read without setting anything aside. */
export async function inspectDocuments(dir: string): Promise<Finding[]> {
  const at = layoutOf(dir);
  const found = await Promise.all([
    look(
      at.config,
      configSchema,
      configName,
      'Mend it by hand, or let the next command set it aside; your preferences in it are then saved as far as they can be read.',
      false,
    ),
    look(at.patterns, patternsSchema, 'orchestra/patterns@1', derived),
    look(at.changeModel, z.nullable(changeLearningSchema), changeLearningName, derived),
    look(at.environments, environmentsSchema, environmentsName, derived),
    look(
      at.selection,
      z.nullable(savedSelectionSchema),
      'orchestra/selection@1',
      'The next `select` writes it anew.',
    ),
  ]);
  const there = found.filter((finding) => finding !== undefined);
  const bad = there.filter(({ status }) => status !== 'passed');
  if (there.length === 0) return [warning('there are none yet', '`orchestrate init` writes the first ones.')];
  return bad.length > 0
    ? bad
    : [passed(`${counted(there.length, 'document')}, each of a version that is known`)];
}
