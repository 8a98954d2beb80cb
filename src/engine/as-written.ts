import { z } from 'zod';
import { writtenDuration } from '../domain/duration.ts';
import { settingsSchema } from '../domain/settings.ts';
import { writtenSize } from '../domain/size-setting.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;

/** A schema, or those it is one of. */
function forms(schema: JsonSchema): JsonSchema[] {
  return [schema, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema).flatMap(forms)];
}

function under(schemas: readonly JsonSchema[], key: string): JsonSchema[] {
  return schemas.flatMap(({ properties = {}, additionalProperties }) => {
    const inner = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    return isSchema(inner) ? forms(inner) : [];
  });
}

function written(value: unknown, schemas: readonly JsonSchema[]): unknown {
  if (typeof value === 'number') {
    if (schemas.some(({ title }) => title === 'duration')) return writtenDuration(value);
    return schemas.some(({ title }) => title === 'size') ? writtenSize(value) : value;
  }
  if (Array.isArray(value)) {
    const items = schemas.flatMap(({ items: inner }) => (isSchema(inner) ? forms(inner) : []));
    return value.map((one) => written(one, items));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [key, written(child, under(schemas, key))]),
  );
}

/** Parsed settings with their sizes and durations as `orchestra.yaml` has them, `300MB` and `5m`, by the schema of that file. */
export function asWritten(settings: unknown): unknown {
  return written(settings, forms(z.toJSONSchema(settingsSchema, { io: 'input' })));
}
