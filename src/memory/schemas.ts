import { z } from 'zod';
import { auditEntrySchema } from '../domain/audit.ts';
import { deploymentRecordSchema } from '../domain/deployment-record.ts';
import { changeLearningSchema } from '../domain/risk/change-learning.ts';
import { savedSelectionSchema } from '../domain/choice.ts';
import { environmentsSchema } from '../domain/environments-document.ts';
import { learningReportSchema } from '../domain/learning-report.ts';
import { patternsSchema } from '../domain/memory.ts';
import { progressSchema } from '../domain/progress.ts';
import { settingsSchema } from '../domain/settings.ts';
import { signOffsSchema } from '../domain/sign-off.ts';
import type { Document } from '../ports/memory.ts';
import { configSchema, emptyPreferences } from './config-document.ts';
import { entrySchema } from './history/entries.ts';
import { printJson } from './json-file.ts';
import { emptyPatterns } from './patterns-store.ts';

const published = [
  ['orchestra.schema.json', 'orchestra.yaml', settingsSchema],
  ['config.schema.json', 'deployment_memory/config.json', configSchema],
  ['progress.schema.json', 'deployment_memory/progress.json', progressSchema],
  ['selection.schema.json', 'deployment_memory/selection.json', savedSelectionSchema],
  ['sign_offs.schema.json', 'deployment_memory/sign-offs.json', signOffsSchema],
  ['deployment_patterns.schema.json', 'deployment_memory/patterns/deployment_patterns.json', patternsSchema],
  ['change_model.schema.json', 'deployment_memory/patterns/change_model.json', changeLearningSchema],
  ['audit.schema.json', 'a line of deployment_memory/audit.ndjson', auditEntrySchema],
  ['environments.schema.json', 'deployment_memory/environments.json', environmentsSchema],
  ['history_index.schema.json', 'what a line of deployment_memory/index/history-*.ndjson says', entrySchema],
  ['deployment.schema.json', 'deployment_memory/history/<id>/deployment.json', deploymentRecordSchema],
  [
    'learning_report.schema.json',
    'deployment_memory/history/<id>/learning_report.json',
    learningReportSchema,
  ],
] as const;

/**
 * The published files below `deployment_memory/`: a JSON schema for `orchestra.yaml` and for each document of the memory,
 * as they may be written by hand (defaults left out), and the documents that a new memory starts from.
 */
export function publishedFiles(): Document[] {
  return [
    ...published.map(([name, title, schema]) => ({
      name: `schemas/${name}`,
      text: printJson({ title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) }),
    })),
    { name: 'defaults/config.json', text: printJson(emptyPreferences()) },
    { name: 'defaults/deployment_patterns.json', text: printJson(emptyPatterns()) },
  ];
}
