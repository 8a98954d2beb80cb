import { describe, expect, it } from 'vitest';
import { file, flagsOfLines as flags } from '../../harness/change.ts';

describe('schema changes', () => {
  it.each([
    [
      'prisma',
      'prisma/migrations/2026_a/migration.sql',
      'CREATE TABLE a (id int);',
      'ALTER TABLE a DROP COLUMN b;',
    ],
    ['drizzle', 'drizzle/0001_a.sql', 'ALTER TABLE a ADD COLUMN b int;', 'DROP TABLE a;'],
    [
      'knex',
      'migrations/2026_a.js',
      'exports.up = (knex) => knex.schema.createTable("a")',
      'exports.up = (knex) => knex.schema.dropTable("a")',
    ],
    [
      'typeorm',
      'src/migrations/1-A.ts',
      'class A implements MigrationInterface { up(queryRunner) {',
      'await queryRunner.dropColumn("a", "b");',
    ],
    [
      'sequelize',
      'migrations/1-a.js',
      'await queryInterface.addColumn("a", "b");',
      'await queryInterface.removeColumn("a", "b");',
    ],
    ['rails', 'db/migrate/2026_a.rb', 'add_column :a, :b, :string', 'remove_column :a, :b'],
    ['django', 'shop/migrations/0002_a.py', 'migrations.AddField(', 'migrations.RemoveField('],
    ['alembic', 'alembic/versions/1_a.py', 'op.add_column("a")', 'op.drop_column("a", "b")'],
    [
      'flyway',
      'src/main/resources/db/V2__a.sql',
      'CREATE TABLE a (id int);',
      'ALTER TABLE a RENAME COLUMN b TO c;',
    ],
    [
      'liquibase',
      'db/changelog/2.xml',
      '<createTable tableName="a">',
      '<dropColumn tableName="a" columnName="b"/>',
    ],
    ['sql', 'db/add.sql', 'CREATE INDEX i ON a (b);', 'TRUNCATE a;'],
  ])('D3 tells additive from destructive in %s', async (kind, path, additive, destructive) => {
    expect((await flags(file(path, [additive]))).schema).toMatchObject({
      kind,
      destructive: false,
      paths: [path],
    });
    expect((await flags(file(path, [destructive]))).schema).toMatchObject({
      kind,
      destructive: true,
      paths: [path],
    });
  });

  it('D3 does not hold a way back against a migration', async () => {
    const knex = [
      'exports.up = (knex) => knex.schema.createTable("a")',
      'exports.down = (knex) =>',
      '  knex.schema.dropTable("a")',
    ];
    expect((await flags(file('migrations/1.js', knex))).schema?.destructive).toBe(false);
    expect((await flags(file('migrations/1_a.down.sql', ['DROP TABLE a;']))).schema?.destructive).toBe(false);
    expect(
      (await flags(file('migrations/1_a.sql', ['-- DROP TABLE a;', 'CREATE TABLE b (id int);']))).schema
        ?.destructive,
    ).toBe(false);
  });

  it('D3 reads a declared schema, and leaves tests and notes alone', async () => {
    expect((await flags(file('prisma/schema.prisma', ['  b Int'], []))).schema?.destructive).toBe(false);
    expect((await flags(file('prisma/schema.prisma', ['  a Int'], ['  b Int']))).schema?.destructive).toBe(
      true,
    );
    expect((await flags(file('test/migrations/1.sql', ['DROP TABLE a;']))).schema).toBeUndefined();
    expect((await flags(file('migrations/README.md', ['drop table']))).schema).toBeUndefined();
  });
});

describe('API changes', () => {
  it.each([
    ['openapi.yaml', '  /carts/{id}:', true],
    ['schema.graphql', 'type Cart {', true],
    ['shop.proto', '  rpc GetCart (A) returns (B);', true],
    ['src/routes/carts.ts', "router.get('/carts', list);", true],
    ['app/views.py', '@app.route("/carts")', true],
    ['src/index.ts', 'export function open(): void {', true],
    ['src/inner.ts', 'const x = 1;', false],
  ])('D4 sees what %s declares, and that taking it away breaks callers', async (path, line, seen) => {
    expect((await flags(file(path, [line]))).api ?? {}).toMatchObject(
      seen ? { breaking: false, paths: [path] } : {},
    );
    expect((await flags(file(path, [], [line]))).api ?? {}).toMatchObject(
      seen ? { breaking: true, paths: [path] } : {},
    );
  });

  it('D4 does not take a moved route for a lost one', async () => {
    const route = "app.get('/carts', list);";
    expect((await flags(file('a.ts', [], [route]), file('b.ts', [route]))).api).toEqual({
      breaking: false,
      paths: ['a.ts', 'b.ts'],
      changes: ['moves GET /carts'],
    });
  });
});

describe('the rest', () => {
  it.each([
    ['dependencies', 'package.json', '    "zod": "^4.0.0",'],
    ['dependencies', 'yarn.lock', 'x'],
    ['dependencies', 'requirements.txt', 'x'],
    ['config', 'config/app.json', 'x'],
    ['config', '.env.example', 'x'],
    ['infrastructure', 'Dockerfile', 'x'],
    ['infrastructure', '.github/workflows/ci.yml', 'x'],
    ['infrastructure', 'infra/main.tf', 'x'],
    ['infrastructure', 'docker-compose.yml', 'x'],
    ['testsTouched', 'src/cart.test.ts', 'x'],
    ['testsTouched', 'pkg/cart_test.go', 'x'],
  ] as const)('D5 sets %s for %s', async (flag, path, line) => {
    const found = await flags(file(path, [line]));
    expect(found[flag]).toBe(true);
    for (const other of ['dependencies', 'config', 'infrastructure'] as const)
      if (other !== flag) expect(found[other]).toBeUndefined();
  });

  it('D5 does not take a script of package.json for a dependency', async () => {
    expect(
      (await flags(file('package.json', ['    "test": "vitest run",', '  "version": "1.2.3",'])))
        .dependencies,
    ).toBeUndefined();
  });
});
