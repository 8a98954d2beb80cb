import { z } from 'zod';
import { settingsSchema } from '../../src/domain/settings.ts';

/** What of JSON schema the settings use. */
interface Shape {
  title?: string | undefined;
  type?: string | string[] | undefined;
  description?: string | undefined;
  default?: unknown;
  const?: unknown;
  enum?: unknown[] | undefined;
  required?: string[] | undefined;
  properties?: Record<string, Shape> | undefined;
  additionalProperties?: Shape | boolean | undefined;
  items?: Shape | undefined;
}

const shapeSchema: z.ZodType<Shape> = z.lazy(() =>
  z.object({
    title: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    description: z.string().optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    required: z.array(z.string()).optional(),
    properties: z.record(z.string(), shapeSchema).optional(),
    additionalProperties: z.union([shapeSchema, z.boolean()]).optional(),
    items: shapeSchema.optional(),
  }),
);

interface Section {
  path: string;
  description: string;
  rows: { key: string; type: string; fallback: string; meaning: string }[];
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return code(shape.const);
  if (shape.enum) return shape.enum.map(code).join(', ');
  if (shape.title !== undefined) return shape.title;
  if (shape.type === 'array') return `list of ${shape.items ? typeOf(shape.items) : 'values'}`;
  if (typeof shape.additionalProperties === 'object') return 'names with values';
  switch (shape.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'whole number';
    default:
      return Array.isArray(shape.type) ? shape.type.join(' or ') : (shape.type ?? '');
  }
}

function fallbackOf(shape: Shape, required: boolean): string {
  if (required) return '**required**';
  return shape.default === undefined ? '–' : code(shape.default);
}

/** The object that stands below a key, and what its path looks like; undefined for a value. */
function below(shape: Shape, path: string): { shape: Shape; path: string } | undefined {
  if (shape.properties) return { shape, path };
  if (shape.items?.properties) return { shape: shape.items, path: `${path}[]` };
  const values = shape.additionalProperties;
  return typeof values === 'object' && values.properties
    ? { shape: values, path: `${path}.<name>` }
    : undefined;
}

function sectionsOf(shape: Shape, path: string, description: string): Section[] {
  const rows: Section['rows'] = [];
  const inner: Section[] = [];
  for (const [key, value] of Object.entries(shape.properties ?? {})) {
    const nested = below(value, path === '' ? key : `${path}.${key}`);
    const meaning = value.description ?? '';
    if (nested) inner.push(...sectionsOf(nested.shape, nested.path, meaning));
    else {
      const required = shape.required?.includes(key) === true;
      rows.push({ key, type: typeOf(value), fallback: fallbackOf(value, required), meaning });
    }
  }
  return [{ path, description, rows }, ...inner];
}

/** Every key of `orchestra.yaml` as Markdown tables, from the schema that parses it. Throws for a key without a text. */
export function configurationReference(): string {
  const schema = shapeSchema.parse(z.toJSONSchema(settingsSchema, { io: 'input' }));
  const sections = sectionsOf(schema, '', 'The top of the file.');
  return sections
    .filter(({ rows }) => rows.length > 0)
    .map(({ path, description, rows }) => {
      const silent = rows.find(({ meaning }) => meaning === '');
      if (silent) throw new Error(`${path}.${silent.key} has no description in src/domain/settings.ts`);
      return [
        `### ${path === '' ? 'Top level' : code(path)}`,
        '',
        description,
        '',
        '| key | type | default | meaning |',
        '|---|---|---|---|',
        ...rows.map(
          (row) => `| \`${row.key}\` | ${cell(row.type)} | ${cell(row.fallback)} | ${cell(row.meaning)} |`,
        ),
        '',
      ].join('\n');
    })
    .join('\n');
}
