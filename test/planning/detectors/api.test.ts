import { describe, expect, it } from 'vitest';
import { flagsOf } from '../../harness/change.ts';

async function compare(path: string, before: string, after: string) {
  const { api } = await flagsOf({ [path]: { before, after } });
  return { breaking: api?.breaking, changes: api?.changes ?? [] };
}

describe('OpenAPI', () => {
  const document = (paths: object, more: object = {}) =>
    JSON.stringify({ openapi: '3.1.0', paths, ...more }, null, 1);
  const cart = (operation: object) => ({ '/v1/cart': { get: { responses: {}, ...operation } } });
  const limit = (more: object) => cart({ parameters: [{ name: 'limit', in: 'query', ...more }] });
  const answer = (schema: object) =>
    cart({ responses: { 200: { content: { 'application/json': { schema } } } } });
  const body = (schema: object) => cart({ requestBody: { content: { 'application/json': { schema } } } });

  it.each<[string, object, object, breaking: boolean, ...changes: string[]]>([
    ['an operation gone', cart({}), {}, true, 'removes GET /v1/cart'],
    ['an operation more', {}, cart({}), false, 'adds GET /v1/cart'],
    [
      'a parameter made required',
      limit({}),
      limit({ required: true }),
      true,
      'makes query parameter limit of GET /v1/cart required',
    ],
    [
      'a type changed',
      limit({ schema: { type: 'string' } }),
      limit({ schema: { type: 'integer' } }),
      true,
      'changes query parameter limit of GET /v1/cart from string to integer',
    ],
    [
      'a property gone from an answer',
      answer({ properties: { a: {}, b: {} } }),
      answer({ properties: { a: {} } }),
      true,
      'removes b from response 200 of GET /v1/cart',
    ],
    [
      'a property more in an answer',
      answer({ properties: {} }),
      answer({ properties: { a: {} } }),
      false,
      'adds a to response 200 of GET /v1/cart',
    ],
    [
      'a required property more to send',
      body({ properties: {} }),
      body({ properties: { a: {} }, required: ['a'] }),
      true,
      'adds required a to the body of GET /v1/cart',
    ],
    [
      'a value gone',
      limit({ schema: { enum: ['a', 'b'] } }),
      limit({ schema: { enum: ['a'] } }),
      true,
      'removes value b of query parameter limit of GET /v1/cart',
    ],
  ])('D4 tells %s', async (_, before, after, breaking, ...changes) => {
    expect(await compare('openapi.json', document(before), document(after))).toEqual({ breaking, changes });
  });

  it('D4 follows references inside the document, circles too', async () => {
    const components = (properties: object) => ({
      components: {
        schemas: { Cart: { properties: { ...properties, parent: { $ref: '#/components/schemas/Cart' } } } },
      },
    });
    const paths = answer({ $ref: '#/components/schemas/Cart' });
    expect(
      await compare('openapi.json', document(paths, components({ a: {} })), document(paths, components({}))),
    ).toEqual({
      breaking: true,
      changes: ['removes a from response 200 of GET /v1/cart'],
    });
  });

  it('D4 reads YAML, and is not moved by words alone', async () => {
    const yaml = (summary: string, path: string) =>
      `openapi: 3.0.0\npaths:\n  ${path}:\n    get:\n      summary: ${summary}\n      responses: {}\n`;
    expect((await compare('api/openapi.yaml', yaml('a', '/x'), yaml('b', '/y'))).changes).toEqual([
      'removes GET /x',
      'adds GET /y',
    ]);
    expect(
      (await flagsOf({ 'openapi.yaml': { before: yaml('a', '/x'), after: yaml('b', '/x') } })).api,
    ).toBeUndefined();
  });

  it.each([
    [
      'an alias bomb',
      'openapi.yaml',
      `openapi: 3.0.0\npaths: {}\na: &a [x]\n${Array.from(
        { length: 30 },
        (_, i) =>
          `b${i}: &b${i} [${Array(9)
            .fill(i === 0 ? '*a' : `*b${i - 1}`)
            .join(',')}]`,
      ).join('\n')}`,
    ],
    [
      'deep JSON',
      'openapi.json',
      `{"openapi":"3","paths":{"/a":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`,
    ],
    [
      'keys of prototypes',
      'openapi.json',
      '{"openapi":"3","paths":{"__proto__":{"get":{}},"/a":{"get":{"responses":{"__proto__":{},"constructor":{}}}}}}',
    ],
    ['half a document', 'openapi.yaml', 'openapi: "3\npaths:\n  /a: ['],
  ])('D4 survives %s', async (_, path, after) => {
    const flags = await flagsOf({ [path]: { before: document({}), after } });
    expect(flags.breaking).toBe(false);
  });
});

describe('GraphQL', () => {
  it.each<[string, string, boolean, ...changes: string[]]>([
    ['type User { id: ID email: String }', 'type User { id: ID }', true, 'removes field User.email'],
    ['type User { id: ID }', 'type User { id: ID! nick: String }', false, 'adds field User.nick'],
    ['type User { id: ID }', '', true, 'removes type User'],
    [
      'type Query { a(x: Int): Int }',
      'type Query { a(x: Int, y: Int!): Int }',
      true,
      'adds required argument y to Query.a',
    ],
    ['enum E { A B }', 'enum E { A C }', true, 'removes B from E', 'adds C to E'],
    ['type A { b: Elsewhere }', 'type A { b: Elsewhere! c: Other }', false, 'adds field A.c'],
    [
      'extend type Query { a: Int b: Int }',
      'extend type Query { a: String b: Int }',
      true,
      'changes Query.a from Int to String',
    ],
    ['union U = A | B', 'union U = A', true, 'removes B from U'],
  ])('D4 tells %s → %s', async (before, after, breaking, ...changes) => {
    expect(await compare('schema.graphql', before, after)).toEqual({ breaking, changes });
  });

  it('D4 sees a type that moves to another file, and leaves the operations of clients alone', async () => {
    const type = 'type A { b: Int }\n';
    const { api } = await flagsOf({
      'a.graphql': { before: `${type}type X { y: Int }`, after: 'type X { y: Int }' },
      'b.graphql': { after: type },
    });
    expect(api).toBeUndefined();
    expect((await flagsOf({ 'q.graphql': { after: 'query A { b }' } })).api).toBeUndefined();
  });

  it('D4 survives what nests without end', async () => {
    const flags = await flagsOf({
      'a.graphql': { before: 'type A { b: Int }', after: `type A { b: ${'['.repeat(100_000)}` },
    });
    expect(flags.api?.paths).toEqual(['a.graphql']);
  });
});

describe('protobuf', () => {
  const order = (fields: string) => `syntax = "proto3";\npackage shop.v1;\nmessage Order {\n${fields}\n}\n`;
  it.each<[string, string, boolean, ...changes: string[]]>([
    [
      'string a = 1;\nint32 b = 3;',
      'string a = 1;\nbool c = 3;',
      true,
      'reuses field number 3 of Order: b → c',
    ],
    ['string a = 1;\nstring b = 2;', 'string a = 1;', true, 'removes field Order.b, number 2 not reserved'],
    [
      'string a = 1;\nstring b = 2;',
      'string a = 1;\nreserved 2;',
      true,
      'removes field Order.b and reserves it',
    ],
    ['string a = 1;', 'string a = 2;', true, 'renumbers Order.a from 1 to 2'],
    ['string a = 1;', 'int32 a = 1;', true, 'changes Order.a from string to int32'],
    ['string a = 1;', 'string a = 1;\nmap<string, int32> b = 2;', false, 'adds field Order.b'],
    ['reserved 2;', 'reserved 3;\nstring b = 2;', true, 'reuses reserved number 2 of Order for b'],
    ['enum E { A = 0; B = 1; }', 'enum E { A = 0; }', true, 'removes B from enum Order.E'],
  ])('D4 tells %j → %j', async (before, after, breaking, ...changes) => {
    expect(await compare('shop.proto', order(before), order(after))).toEqual({ breaking, changes });
  });

  it('D4 tells calls', async () => {
    const service = (rpc: string) =>
      `syntax = "proto3";\nmessage A {}\nmessage B {}\nservice Shop { ${rpc} }`;
    expect(
      (
        await compare(
          'a.proto',
          service('rpc Get (A) returns (B);'),
          service('rpc Get (A) returns (stream B);'),
        )
      ).changes,
    ).toEqual(['changes rpc Shop.Get: (A) → B → (A) → stream B']);
  });
});

describe('exports of TypeScript', () => {
  it.each<[string, string, boolean, ...changes: string[]]>([
    ['export function a(): void {}', '', true, 'removes export a from src/index.ts'],
    ['', 'export const b = 1;', false, 'adds export b to src/index.ts'],
    // Too long to be parsed: the changed lines alone tell.
    [
      `${'// \n'.repeat(80_000)}export const b = 1;`,
      '// \n'.repeat(80_000),
      true,
      'removes b from src/index.ts',
    ],
    [
      'export function a(x: string): void {}',
      'export function a(x: number): void {}',
      true,
      'changes the signature of a: (x: string) => void → (x: number) => void',
    ],
    [
      'export function a(x: string): void {}',
      'export function a(x: string, y?: number): void {}',
      false,
      'changes the signature of a: (x: string) => void → (x: string, y?: number) => void',
    ],
    [
      'export function a(x: string): void { one(); }',
      'export function a(\n  x: string,\n): void {\n  two();\n}',
      false,
    ],
    [
      'export interface A {\n  b: string\n}',
      'export interface A {\n  b: string\n  c?: number\n}',
      false,
      'changes the signature of A: {b: string} → {b: string; c?: number}',
    ],
    [
      'export interface A { b: string }',
      'export interface A { b: string; c: number }',
      true,
      'changes the signature of A: {b: string} → {b: string; c: number}',
    ],
    ["export { a, b } from './x';", "export { a } from './x';", true, 'removes export b from src/index.ts'],
    [
      'export const a = (x: B): C => x;',
      'export const a = <E extends F = F>(x: B<E>): C => x;',
      false,
      'changes the signature of a: (x: B) => C → <E extends F = F>(x: B<E>) => C',
    ],
  ])('D4 tells %j → %j', async (before, after, breaking, ...changes) => {
    const found = await compare('src/index.ts', `// x\n${before}`, `// x\n${after}`);
    expect({ ...found, breaking: found.breaking ?? false }).toEqual({ breaking, changes });
  });

  it.each<[string, string, breaking: boolean]>([
    ['function a(x: string): void', 'function a(x: string | number): void', false],
    ['function a(x: string | number): void', 'function a(x: string): void', true],
    ['function a(): string', 'function a(): string | undefined', true],
    ['function a(): string | undefined', 'function a(): string', false],
    ['function a(x: string, y: number): void', 'function a(x: string): void', true],
    ['function a(x?: string): void', 'function a(x: string): void', true],
    ['function a(x: string): void', 'function a(x?: string): void', false],
    [
      'function a({ id }: { id: string }): void',
      'function a({ id, on }: { id: string; on?: () => void }): void',
      false,
    ],
    [
      'function a({ id }: { id: string }): void',
      'function a({ id, on }: { id: string; on: () => void }): void',
      true,
    ],
    ['function a(x: (v: string) => void): void', 'function a(x: (v: string | number) => void): void', true],
    [
      'function a(x: string[]): Promise<string>',
      "function a(x: (string | number)[]): Promise<'a' | 'b'>",
      false,
    ],
    ['function a(f: () => void): void', 'function a(f: (why: string) => void): void', false],
    ['function a(f: (why: string) => void): void', 'function a(f: () => void): void', true],
    ['function a(x: A): void', 'function a(x: B): void', true],
    ['interface AOptions { b: string }', 'interface AOptions { b: string | number; c?: 1 }', false],
    ['interface AOptions { b: string | number }', 'interface AOptions { b: string }', true],
    ['interface A { b: string }', 'interface A { b: string | number }', true],
    [
      'interface Jest { run(ms: number): void }',
      'interface Jest { run(ms: number | string): void; stop(): void }',
      false,
    ],
    ['interface Jest { run(ms: number): void }', 'interface Jest { run(ms: string): void }', true],
    [
      'interface M<T extends F = U> extends D { a(x: T): this }',
      'interface M<T extends F = U> extends D { a(x: T): this; b(): this }',
      false,
    ],
    ['interface M extends D { a(): 1 }', 'interface M extends E { a(): 1; b(): 1 }', true],
    ['class A { run(ms: number): void {} }', 'class A { run(ms: number | string): void {} }', false],
    ['class A { run(): void {} }', 'class A { stop(): void {} }', true],
    ['const a: (x: string) => void', 'const a: (x: string, ...rest: number[]) => void', false],
  ])('D4 knows whether callers of %s are served by %s', async (before, after, breaking) => {
    const found = await compare('src/a.d.ts', `export ${before};`, `export ${after};`);
    expect(found.changes).toHaveLength(1);
    expect(found.breaking).toBe(breaking);
  });

  it('D4 takes one module by another way of naming it for the same', async () => {
    expect(
      await compare(
        'src/index.ts',
        "export * from './cart';\nexport const a = 1;",
        "export * from '@/cart';\nexport const a = 1;",
      ),
    ).toEqual({ breaking: undefined, changes: [] });
  });

  it('D4 needs no parser for what changed in bodies, and is not misled by types that look like one', async () => {
    const module = (type: string, body: string) =>
      `export function a(\n  x: string,\n): Promise<{\n  ${type}: string\n}> {\n  ${body}();\n}\nexport function b(x: {\n  ${type}: string\n}): void {\n  ${body}();\n}\n`;
    expect((await compare('src/index.ts', module('y', 'one'), module('y', 'two'))).changes).toEqual([]);
    expect((await compare('src/index.ts', module('y', 'one'), module('z', 'one'))).changes).toHaveLength(2);
  });

  it('D4 looks at entries and declarations, not at components or builds', async () => {
    const gone = { before: 'export const a = 1;\nexport const b = 2;', after: 'export const a = 1;' };
    for (const path of ['src/components/index.tsx', 'dist/index.d.ts', 'src/cart.ts', 'playground/index.ts'])
      expect((await flagsOf({ [path]: gone })).api).toBeUndefined();
    expect((await flagsOf({ 'types/cart.d.ts': gone })).api?.breaking).toBe(true);
  });
});

describe('routes', () => {
  it.each([
    ['src/server.js', "app.get('/carts/:id', show);", 'GET /carts/:id'],
    ['src/routes.ts', "router.post('/carts', create);", 'POST /carts'],
    ['src/plugin.ts', "fastify.delete<{ Params: P }>('/carts/:id', remove);", 'DELETE /carts/:id'],
    ['app/(shop)/carts/[id]/route.ts', 'export async function GET(request) {', 'GET /carts/[id]'],
    ['config/routes.rb', "  get '/carts', to: 'carts#index'", 'GET /carts'],
    ['config/routes.rb', '  resources :carts', 'resources carts'],
    ['shop/urls.py', "    path('carts/', views.carts),", 'route carts/'],
    ['shop/views.py', '@app.route("/carts")', 'route /carts'],
    ['shop/api.py', '@router.get("/carts")', 'GET /carts'],
    ['src/CartController.java', '    @GetMapping("/carts")', 'GET /carts'],
    ['cmd/server.go', '\tmux.HandleFunc("GET /carts/{id}", show)', 'GET /carts/{id}'],
    ['cmd/server.go', '\tr.POST("/carts", create)', 'POST /carts'],
    ['routes/web.php', "Route::get('/carts', [CartController::class, 'index']);", 'GET /carts'],
  ])('D4 reads the routes of %s: %s', async (path, line, route) => {
    expect((await flagsOf({ [path]: { before: `${line}\nx`, after: 'x' } })).api).toMatchObject({
      breaking: true,
      changes: [`removes ${route}`],
    });
    expect((await flagsOf({ [path]: { before: 'x', after: `${line}\nx` } })).api).toMatchObject({
      breaking: false,
      changes: [`adds ${route}`],
    });
  });

  it('D4 takes an address whose placeholder is renamed, or whose page became a handler, for the same', async () => {
    const page = 'export default x';
    expect(
      (
        await flagsOf({
          'src/pages/api/carts/[id].ts': { before: page },
          'src/app/api/carts/[cartId]/route.ts': { after: 'export async function GET(request) {' },
        })
      ).api,
    ).toMatchObject({ breaking: false });
  });

  it('D4 takes a page of Next.js for its route, and a client for none', async () => {
    expect(
      (await flagsOf({ 'pages/api/carts/[id].ts': { before: 'export default x' } })).api?.changes,
    ).toEqual(['removes /api/carts/[id]']);
    expect(
      (
        await flagsOf({
          'src/client.ts': { after: "const r = await api.get('/carts');\nrequest.post('/x', body)" },
        })
      ).api,
    ).toBeUndefined();
  });

  it('D4 takes a route in a docstring for what it is: an example', async () => {
    const module = (route: string) =>
      `def stream(f):\n    """Like this::\n\n        @app.get("${route}")\n        def s(): pass\n    """\n    x = "\\"" # "\n`;
    expect(
      (await flagsOf({ 'src/helpers.py': { before: module('/a'), after: module('/b') } })).api,
    ).toBeUndefined();
    const real = (route: string) =>
      `${module('/a')}\ndef make():\n    @app.get("${route}")\n    def s(): pass\n`;
    expect(
      (await flagsOf({ 'src/helpers.py': { before: real('/a'), after: real('/b') } })).api?.changes,
    ).toEqual(['removes GET /a', 'adds GET /b']);
  });

  it.each<[before: string, after: string, breaking: boolean | undefined, ...changes: string[]]>([
    ['resources :a, only: [:edit]', 'resources :a, param: :x, only: [:edit]', false, 'changes resources a'],
    ['  resources :a', 'scope do\n    resources :a\nend', undefined],
    ['resources :a\nx\nresources :a', 'x\nresources :a', undefined],
    [
      'get "/top(/:length)/rss" => "a#b"',
      'get "/top/rss" => "a#b"\nget "/top/:length/rss" => "a#b"',
      false,
      'adds GET /top/rss',
      'adds GET /top/:length/rss',
    ],
  ])('D4 tells %j → %j of config/routes.rb', async (before, after, breaking, ...changes) => {
    expect(await compare('config/routes.rb', before, after)).toEqual({ breaking, changes });
  });
});
