import { nameOf } from './detector.ts';
import { isNobodysInterface } from './api/paths.ts';
import { isTest } from './tests.ts';

const byPath: readonly [kind: string, path: RegExp][] = [
  ['prisma', /(?:^|\/)prisma\/(?:.*\/)?migrations\/.+\.sql$|(?:^|\/)schema\.prisma$|\.prisma$/u],
  ['drizzle', /(?:^|\/)drizzle\/(?:.*\/)?[^/]+\.(?:sql|ts)$/u],
  ['rails', /(?:^|\/)db\/(?:(?:\w{1,60}_)?migrate\/.+\.rb|(?:\w{1,60}_)?schema\.rb|structure\.sql)$/u],
  ['django', /(?:^|\/)migrations\/\d{4}_[^/]+\.py$/u],
  ['alembic', /(?:^|\/)(?:alembic|migrations)\/(?:.*\/)?versions\/[^/]+\.py$/u],
  ['flyway', /(?:^|\/)[VUR]\d*(?:[._]\d+)*__[^/]+\.(?:sql|java)$/u],
  [
    'liquibase',
    /(?:^|\/)(?:db\.)?changelog[^/]*\.(?:xml|ya?ml|json|sql)$|(?:^|\/)db\/changelog\/.+\.(?:xml|ya?ml|json|sql)$/u,
  ],
  ['laravel', /(?:^|\/)database\/migrations\/[^/]+\.php$/u],
  ['ecto', /(?:^|\/)priv\/(?:\w+\/)?(?:\w+_)?repo\/migrations\/.+\.exs$/u],
  ['entity framework', /(?:^|\/)Migrations\/(?:.*\/)?\d{14}_[^/]+(?<!\.Designer)\.cs$/u],
  ['sequelize', /(?:^|\/)sequelize\/(?:.*\/)?migrations\/.+\.[cm]?[jt]s$/u],
  ['typeorm', /(?:^|\/)typeorm\/(?:.*\/)?migrations\/.+\.[cm]?[jt]s$/u],
  ['knex', /(?:^|\/)knex\/(?:.*\/)?migrations\/.+\.[cm]?[jt]s$/u],
  [
    'sql',
    /(?:^|\/)(?:migrations?|migrate|schema|sql|db|database)\/(?:.*\/)?[^/]+\.sql$|(?:^|\/)(?:schema|structure|migration[^/]*)\.sql$/iu,
  ],
  [
    'migration',
    /(?:^|\/)(?:migrations?|migrate)\/(?:.*\/)?[^/]+\.(?:[cm]?[jt]s|py|rb|php|go|ex|exs|cs|kt|java|json|ya?ml)$/iu,
  ],
];

const byContent: readonly [kind: string, content: RegExp][] = [
  ['typeorm', /\bMigrationInterface\b|\bqueryRunner\b/u],
  ['sequelize', /\bqueryInterface\b/u],
  ['laravel', /\bIlluminate\\Database\b|\bSchema::(?:create|table)\b/u],
  ['entity framework', /\bmigrationBuilder\b/u],
  ['knex', /\bknex\b|\.schema\s*\.(?:create|alter|drop)?table/iu],
];

/** Which tool a schema change belongs to, by its path and, where the path leaves it open, its text; undefined for anything else. */
export function migrationKind(path: string, text: () => string): string | undefined {
  const name = nameOf(path);
  if (
    isTest(path) ||
    isNobodysInterface(path) ||
    /^(?:index|readme|__init__|migration_lock|_journal|\d{4}_snapshot|env)\b/u.test(name) ||
    /(?:modelsnapshot|\.designer)\.cs$|^\w*modelsnapshot\.cs$/u.test(name) ||
    /\.(?:md|txt|snap|lock)$/u.test(name)
  )
    return undefined;
  const kind = byPath.find(([, pattern]) => pattern.test(path))?.[0];
  if (kind === undefined)
    return name.endsWith('.sql') && /\b(?:create|alter|drop)\s+(?:table|index|type|view)\b/iu.test(text())
      ? 'sql'
      : undefined;
  if (kind === 'liquibase' && !/(?:^|\/)db\//u.test(path))
    return /databaseChangeLog|\bchangeSet\b|liquibase/u.test(text()) || text() === '' ? kind : undefined;
  if (kind !== 'migration') return kind;
  const content = text();
  return byContent.find(([, pattern]) => pattern.test(content))?.[0] ?? kind;
}

/** Whether the path alone says that this is a schema, or a step of one. */
export function isSchemaPath(path: string): boolean {
  return migrationKind(path, () => '') !== undefined;
}

/** Whether the file is one numbered or dated step among others, whose order matters; a whole schema is not. */
export function isMigrationStep(path: string): boolean {
  return (
    /(?:^|\/)(?:migrations?|migrate|versions|drizzle|changelog)\//iu.test(path) ||
    /(?:^|\/)[VR]\d*(?:[._]\d+)*__/u.test(path)
  );
}
