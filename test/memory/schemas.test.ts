import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { preferencesSchema, patternsSchema } from '../../src/domain/memory.ts';
import { strategyNameSchema } from '../../src/domain/settings.ts';
import { publishedFiles } from '../../src/memory/schemas.ts';

const home = fileURLToPath(new URL('../../deployment_memory/', import.meta.url));

describe('the published schemas and defaults', () => {
  it.each(publishedFiles().map(({ name, text }) => [name, text]))(
    'M1 E1 %s is what the code says (else run: node scripts/schemas.mjs)',
    (name, text) => {
      expect(readFileSync(path.join(home, name), 'utf8')).toBe(text);
    },
  );

  it('are all there is in their folders', () => {
    const found = ['schemas', 'defaults'].flatMap((folder) =>
      readdirSync(path.join(home, folder)).map((name) => `${folder}/${name}`),
    );
    expect(found.sort()).toEqual(
      publishedFiles()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('E1 the schema of orchestra.yaml is that of its input: durations are text, nothing but the needed is required', () => {
    const text = publishedFiles().find(({ name }) => name === 'schemas/orchestra.schema.json')?.text ?? '';
    const schema: unknown = JSON.parse(text);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      required: ['version', 'project', 'services', 'environments'],
      additionalProperties: false,
      properties: {
        environments: {
          additionalProperties: {
            properties: {
              strategy: { enum: [...strategyNameSchema.options] },
              measure_every: { type: 'string' },
            },
          },
        },
      },
    });
  });

  it('M1 the defaults are documents that the memory reads', () => {
    const read = (name: string): unknown =>
      JSON.parse(readFileSync(path.join(home, 'defaults', name), 'utf8'));
    expect(preferencesSchema.parse(read('config.json')).user_preferences.max_features_per_deployment).toBe(
      15,
    );
    expect(patternsSchema.parse(read('deployment_patterns.json')).learned).toEqual([]);
  });
});
