import { z } from 'zod';
import {
  changeLearningName,
  changeLearningSchema,
  type ChangeLearning,
} from '../domain/risk/change-learning.ts';
import { openJsonDocument, type DocumentContext, type JsonDocument } from './json-document.ts';

/**
 * What the git history taught about changes. Lost or damaged, it is learned again from the history: there is nothing in it
 * that is not there.
 */
export function openChangeModel(file: string, context: DocumentContext): JsonDocument<ChangeLearning | null> {
  return openJsonDocument<ChangeLearning | null>(
    {
      file,
      schema: z.nullable(changeLearningSchema),
      name: changeLearningName,
      empty: () => null,
      checked: true,
    },
    context,
  );
}
