import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../harness/change.ts';

/** What a new migration says, and whether it destroys. */
async function step(path: string, ...lines: string[]) {
  const { schema } = await flagsOf({ [path]: { after: lines.join('\n') } });
  return { destructive: schema?.destructive, changes: schema?.changes ?? [] };
}

const rails = 'db/migrate/20260101_a.rb';
const sql = 'migrations/0001_a.sql';
const knex = 'migrations/1_a.js';

describe('statements of migrations', () => {
  it.each<[path: string, source: string, destructive: boolean, ...changes: string[]]>([
    [sql, 'ALTER TABLE users DROP COLUMN email;', true, 'drops column users.email'],
    [
      sql,
      'alter table "public"."users" drop if exists email, add nick text;',
      true,
      'drops column users.email',
      'adds column users.nick',
    ],
    [sql, 'CREATE TABLE IF NOT EXISTS carts (id int);', false, 'adds table carts'],
    [sql, 'ALTER TABLE a RENAME COLUMN b TO c;', true, 'renames column a.b to a.c'],
    [sql, 'ALTER TABLE a ALTER COLUMN b SET NOT NULL;', true, 'makes a.b NOT NULL'],
    [sql, 'ALTER TABLE a ADD b int NOT NULL;', true, 'adds column a.b, NOT NULL without a default'],
    [sql, 'ALTER TABLE a ADD b int NOT NULL DEFAULT 0;', false, 'adds column a.b'],
    [
      sql,
      'ALTER TABLE a ALTER COLUMN b TYPE numeric(10, 2) USING b::numeric;',
      true,
      'changes a.b to numeric(10, 2)',
    ],
    [sql, 'ALTER TABLE `a` MODIFY COLUMN `b` bigint NOT NULL;', true, 'changes a.b to bigint NOT NULL'],
    [sql, 'DELETE FROM a;', true, 'deletes all rows of a'],
    [sql, 'UPDATE a SET b = 1;', true, 'rewrites every row of a'],
    [sql, 'UPDATE a SET b = 1 WHERE c = 2;', false, 'rewrites rows of a'],
    [sql, 'TRUNCATE TABLE a;', true, 'empties table a'],
    [sql, 'DROP INDEX i; CREATE INDEX CONCURRENTLY j ON a (b);', false, 'drops index i', 'adds index j on a'],
    [sql, 'DROP VIEW IF EXISTS v; CREATE VIEW v AS SELECT 1;', false, 'replaces view v'],
    [sql, 'DROP TABLE IF EXISTS a; CREATE TABLE a (id int);', true, 'replaces table a, its rows are lost'],
    [
      sql,
      'CREATE TABLE "new_A" (id int); INSERT INTO "new_A" SELECT id FROM "A"; DROP TABLE "A"; ALTER TABLE "new_A" RENAME TO "A";',
      false,
      'rebuilds table A',
    ],
    [
      sql,
      "-- DROP TABLE a;\n/* DROP TABLE b; */ INSERT INTO log VALUES ('DROP TABLE c;');",
      false,
      `runs ${sql}`,
    ],
    [sql, 'CREATE FUNCTION f() RETURNS void AS $$ DELETE FROM a; $$ LANGUAGE sql;', false, 'adds function f'],
    [
      'migrations/0001_a.sql',
      '-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;',
      false,
      'adds table a',
    ],
    [
      'db/migrations/1_a.sql',
      '-- migrate:up\nCREATE TABLE a (id int);\n-- migrate:down\nDROP TABLE a;',
      false,
      'adds table a',
    ],
    ['migrations/1_a.down.sql', 'DROP TABLE a;', false],
    [rails, 'remove_column :users, :email, :string', true, 'drops column users.email'],
    [
      rails,
      'add_column :users, :nick, :string, null: false',
      true,
      'adds column users.nick, NOT NULL without a default',
    ],
    [rails, 'change_column_null :orders, :note, false', true, 'makes orders.note NOT NULL'],
    [
      rails,
      'change_table :users do |t|\n  t.remove :a, :b\n  t.string :c\nend',
      true,
      'drops column users.a',
      'drops column users.b',
      'adds column users.c',
    ],
    [
      rails,
      'def up\n  create_table :a do |t|\n    t.string :b, null: false\n  end\nend\n\ndef down\n  drop_table :a\nend',
      false,
      'adds table a',
    ],
    [rails, 'execute <<~SQL\n  DROP TABLE a\nSQL', true, 'drops table a'],
    [
      'shop/migrations/0002_a.py',
      "migrations.RemoveField(model_name='order', name='note')",
      true,
      'drops column order.note',
    ],
    [
      'shop/migrations/0002_a.py',
      "migrations.AddField(model_name='order', name='note', field=models.TextField(null=True))",
      false,
      'adds column order.note',
    ],
    [
      'alembic/versions/1_a.py',
      "def upgrade():\n    op.add_column('a', sa.Column('b', sa.Integer(), nullable=False))\n\ndef downgrade():\n    op.drop_column('a', 'b')",
      true,
      'adds column a.b, NOT NULL without a default',
    ],
    [
      knex,
      "exports.up = (knex) =>\n  knex.schema.alterTable('users', (t) => {\n    t.dropColumn('email');\n    t.string('nick');\n  });\nexports.down = (knex) =>\n  knex.schema.dropTable('users');",
      true,
      'drops column users.email',
      'adds column users.nick',
    ],
    [
      knex,
      "module.exports = {\n  up: (queryInterface) => queryInterface.removeColumn('users', 'email'),\n};",
      true,
      'drops column users.email',
    ],
    [
      'src/migrations/1-A.ts',
      'class A implements MigrationInterface {\n  async up(queryRunner) {\n    await queryRunner.query(`ALTER TABLE "a" DROP COLUMN "b"`);\n  }\n  async down(queryRunner) {\n    await queryRunner.query(`DROP TABLE "a"`);\n  }\n}',
      true,
      'drops column a.b',
    ],
    [
      'database/migrations/2026_a.php',
      "public function up()\n{\n    Schema::table('users', function (Blueprint $table) {\n        $table->dropColumn('email');\n        $table->string('nick')->nullable();\n    });\n}\npublic function down()\n{\n    Schema::drop('users');\n}",
      true,
      'drops column users.email',
      'adds column users.nick',
    ],
    [
      'priv/repo/migrations/2026_a.exs',
      'def change do\n  alter table(:users) do\n    remove :email\n    add :nick, :string\n  end\nend',
      true,
      'drops column users.email',
      'adds column users.nick',
    ],
    [
      'Data/Migrations/20260101000000_A.cs',
      'protected override void Up(MigrationBuilder migrationBuilder)\n{\n    migrationBuilder.DropColumn(name: "Email", table: "Users");\n    migrationBuilder.AddColumn<string>(name: "Nick", table: "Users", nullable: true);\n}\nprotected override void Down(MigrationBuilder migrationBuilder)\n{\n    migrationBuilder.DropTable(name: "Users");\n}',
      true,
      'drops column Users.Email',
      'adds column Users.Nick',
    ],
    [
      'db/changelog/2.xml',
      '<databaseChangeLog><changeSet id="1"><dropColumn tableName="a" columnName="b"/><rollback><dropTable tableName="z"/></rollback></changeSet></databaseChangeLog>',
      true,
      'drops column a.b',
    ],
    [
      'db/changelog/2.yaml',
      'databaseChangeLog:\n  - changeSet:\n      changes:\n        - addColumn:\n            tableName: a\n            columns:\n              - column: { name: b, type: int }',
      false,
      'adds column a.b',
    ],
  ])('D3 reads %s: %s', async (path, source, destructive, ...changes) => {
    expect(await step(path, source)).toEqual({ destructive, changes });
  });

  it('D3 says of an edited migration only what is new', async () => {
    const before = 'ALTER TABLE a DROP COLUMN b;';
    const { schema } = await flagsOf({ [sql]: { before, after: `${before}\nALTER TABLE a ADD c int;` } });
    expect(schema).toMatchObject({ destructive: false, changes: ['adds column a.c'] });
  });
});

describe('declared schemas', () => {
  it('D3 compares Prisma schemas in the names of the database', async () => {
    const before =
      'model User {\n  id Int @id\n  mail String @map("email") // their address\n  posts Post[]\n  @@map("users")\n}\nmodel Post {\n  id Int @id\n}';
    const after = before
      .replace('  mail String @map("email") // their address\n', '  nick String\n')
      .replace('model Post', 'enum Role {\n  A\n}\nmodel Post');
    const { schema } = await flagsOf({ 'prisma/schema.prisma': { before, after } });
    expect(schema?.changes).toEqual([
      'drops column users.email',
      'adds column users.nick, NOT NULL without a default',
      'adds enum Role',
    ]);
  });

  it('D3 compares schema.rb and structure.sql', async () => {
    const ruby = (column: string) =>
      `create_table "carts", force: :cascade do |t|\n  ${column}\n  t.index ["a"]\nend`;
    const texts = { before: ruby('t.string "note"'), after: ruby('t.string "memo"') };
    const fromRuby = await flagsOf({ 'db/schema.rb': texts });
    expect(fromRuby.schema?.changes).toEqual(['drops column carts.note', 'adds column carts.memo']);
    const fromSql = await flagsOf({
      'db/structure.sql': {
        before: 'CREATE TABLE carts (id bigint, note varchar(10));',
        after: 'CREATE TABLE carts (id bigint, note varchar(20));',
      },
    });
    expect(fromSql.schema).toMatchObject({
      destructive: false,
      changes: ['changes carts.note from varchar(10) to varchar(20)'],
    });
  });
});

describe('hostile schemas', () => {
  const megabyte = 1_000_000;
  it.each([
    [
      'an unclosed string',
      sql,
      `ALTER TABLE a DROP COLUMN b; INSERT INTO c VALUES ('${'x'.repeat(megabyte - 100)}`,
    ],
    ['a line of brackets', sql, '('.repeat(megabyte - 1)],
    ['a megabyte of quotes', rails, "'".repeat(megabyte - 1)],
    ['deep brackets', knex, '['.repeat(200_000)],
    ['a minified migration', knex, 't.string("a");'.repeat(70_000)],
    ['spaces', rails, `def down${' '.repeat(megabyte - 10)}`],
    [
      'names of prototypes',
      sql,
      'CREATE TABLE "__proto__" ("constructor" int); ALTER TABLE "__proto__" DROP COLUMN "constructor";',
    ],
    ['unclosed XML', 'db/changelog/1.xml', '<a>'.repeat(10_000)],
    ['entities', 'db/changelog/1.xml', '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'],
    [
      'aliases',
      'db/changelog/1.yaml',
      `a: &a [x]\n${Array.from(
        { length: 30 },
        (_, i) =>
          `b${i}: &b${i} [${Array(9)
            .fill(i === 0 ? '*a' : `*b${i - 1}`)
            .join(',')}]`,
      ).join('\n')}`,
    ],
    ['a Prisma schema of one line', 'prisma/schema.prisma', `model A { ${'a '.repeat(400_000)}`],
  ])('D3 survives %s', async (_, path, after) => {
    const flags = await flagsOf({ [path]: { before: '', after } });
    expect(flags.schema?.paths).toEqual([path]);
  });

  it('D3 tells at most twenty statements, each safe to draw', async () => {
    const drops = Array.from({ length: 30 }, (_, i) => `ALTER TABLE a ADD c${i} int;`).join('\n');
    const { changes } = await step(sql, drops, 'DROP TABLE "x\u001b[31m";');
    expect(changes).toHaveLength(21);
    expect(changes[0]).toBe('drops table x\ufffd[31m');
    expect(changes.at(-1)).toBe('and 11 more');
  });
});

describe('what is a schema change at all', () => {
  it('D3 takes no generator option, comment or version of a declared schema for a change', async () => {
    const prisma = (output: string) =>
      `generator client {\n  output = "${output}"\n}\nmodel A {\n  id Int @id\n}\n`;
    expect(
      (await flagsOf({ 'prisma/schema.prisma': { before: prisma('a'), after: prisma('b') } })).schema,
    ).toBeUndefined();
    const schema = (version: string) => `ActiveRecord::Schema[8.0].define(version: ${version}) do\nend\n`;
    expect(
      (await flagsOf({ 'db/schema.rb': { before: schema('1'), after: schema('2') } })).schema,
    ).toBeUndefined();
  });

  it('D3 says that a step runs when its program says nothing anyone can name', async () => {
    const after =
      'class A < ActiveRecord::Migration[8.0]\n  def change\n    Comment.find_each(&:save!)\n  end\nend\n';
    expect((await flagsOf({ [rails]: { after } })).schema).toEqual({
      kind: 'rails',
      destructive: false,
      paths: [rails],
      changes: [`runs ${rails}`],
    });
  });

  it('D3 names the file that destroys first', async () => {
    const { schema } = await flagsOf({
      'db/migrations/1_a.sql': { after: 'CREATE TABLE a (id int);' },
      'db/migrations/2_b.sql': { after: 'DROP TABLE b;' },
    });
    expect(schema?.paths).toEqual(['db/migrations/2_b.sql', 'db/migrations/1_a.sql']);
  });

  it.each(['examples/shop/migrations/1.sql', 'docs/migrations/1.sql', '.github/changelog.yml'])(
    'D3 leaves %s alone',
    async (path) => {
      expect((await flagsOf({ [path]: { after: 'DROP TABLE a;' } })).schema).toBeUndefined();
    },
  );
});
