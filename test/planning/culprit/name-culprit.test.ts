import { describe, expect, it } from 'vitest';
import { answerable } from '../../../src/domain/culprit.ts';
import { worseRoutes } from '../../../src/planning/culprit/compare-routes.ts';
import { nameCulprit, type TracedError, type Traces } from '../../../src/planning/culprit/name-culprit.ts';

const feature = (id: string, ...paths: string[]) => ({ id, title: `feat: ${id}`, paths });
const frame = (path: string, line: number, ...owners: string[]) => ({
  path,
  line,
  owners: owners.length > 0 ? owners : undefined,
});
const error = (count: number, ...frames: TracedError['frames']): TracedError => ({
  name: 'TypeError',
  message: 'no total',
  count,
  alsoStable: false,
  frames,
});

function name(change: Partial<Traces>) {
  const errors = change.errors ?? [];
  return nameCulprit({
    features: [
      feature('cart', 'src/cart.js', 'src/app.js'),
      feature('search', 'src/search.js', 'src/app.js'),
    ],
    stacks: errors.reduce((n, one) => n + (one.alsoStable ? 0 : one.count), 0),
    alsoStable: errors.reduce((n, one) => n + (one.alsoStable ? one.count : 0), 0),
    routes: [],
    mentions: new Map(),
    unread: [],
    ...change,
    errors,
  });
}

describe('N6 the likely culprit', () => {
  it('is the feature that alone wrote the line which the errors pass first, with how many do', () => {
    const culprit = name({
      errors: [
        error(17, frame('src/lib.js', 3), frame('src/cart.js', 9, 'cart'), frame('src/app.js', 4, 'search')),
        error(2, frame('src/lib.js', 3)),
      ],
    });
    expect(culprit.kind).toBe('named');
    expect(culprit.reason).toBe(
      'Likely "feat: cart": 17 of 19 stacks in its log pass lines that it alone wrote, at src/cart.js:9 (TypeError: no total)',
    );
    expect(culprit.suspects).toMatchObject([{ id: 'cart', strength: 'strong', stacks: 17, of: 19 }]);
    expect(culprit.errors[0]?.frames[1]).toEqual({ path: 'src/cart.js', line: 9 });
  });

  it('is only probable where the feature alone changed the file, and not the line', () => {
    const { reason, suspects } = name({ errors: [error(3, frame('src/search.js', 5))] });
    expect(suspects).toMatchObject([{ id: 'search', strength: 'medium' }]);
    expect(reason).toMatch(
      /^Probably "feat: search": 3 of 3 stacks in its log pass files that it alone changed/,
    );
  });

  it.each<[string, Partial<Traces>, RegExp]>([
    ['without a stack', {}, /^Unknown: its log has no stack$/],
    [
      'where several features wrote the line',
      { errors: [error(4, frame('src/app.js', 4, 'cart', 'search'))] },
      /^Unknown: 4 of 4 stacks in its log pass src\/app\.js:4, which 2 features wrote$/,
    ],
    [
      'where several features changed the file',
      { errors: [error(4, frame('src/app.js', 4))] },
      /^Unknown: 4 of 4 stacks in its log pass src\/app\.js, which 2 features changed$/,
    ],
    [
      'where two have as many',
      { errors: [error(4, frame('src/cart.js', 1, 'cart')), error(4, frame('src/search.js', 1, 'search'))] },
      /^Unknown: of 8 stacks in its log 4 at "feat: cart", 4 at "feat: search": too few to tell$/,
    ],
    [
      'where most stacks lead elsewhere',
      { errors: [error(4, frame('src/cart.js', 1, 'cart')), error(5, frame('src/lib.js', 1))] },
      /too few to tell/,
    ],
    [
      'where stable shows the same',
      { errors: [{ ...error(4, frame('src/cart.js', 1, 'cart')), alsoStable: true }] },
      /^Unknown: stable's log shows all of its 4 stacks too$/,
    ],
    [
      'where nothing of the deployment is near',
      { errors: [error(4, frame('src/lib.js', 1))] },
      /^Unknown: none of the 4 stacks in its log passes a file that a feature of this deployment changed$/,
    ],
    [
      'of a revision without features',
      { features: [], errors: [error(4, frame('src/lib.js', 1))] },
      /^Unknown: its log has 4 new stacks, but the revision came without a list of features$/,
    ],
    ['where nothing could be read', { unread: ['its log could not be read: EIO'] }, /EIO/],
  ])('is unknown %s, and says so', (_, traces, reason) => {
    const culprit = name(traces);
    expect(culprit.kind).toBe('unknown');
    expect(culprit.reason).toMatch(reason);
  });

  it('is at most perhaps a feature whose lines alone name the route that fails, and only where no stack speaks', () => {
    const routes = [{ route: 'GET /search', failed: 0, slow: 12, stableFailed: 0, stableSlow: 1 }];
    const mentions = new Map([['GET /search', ['search']]]);
    expect(name({ routes, mentions })).toMatchObject({
      kind: 'named',
      reason: 'Perhaps "feat: search": its lines name GET /search, which was slow 12 times (on stable 1)',
      suspects: [{ strength: 'weak' }],
    });
    expect(name({ routes, mentions: new Map([['GET /search', ['search', 'cart']]]) }).kind).toBe('unknown');
    expect(name({ routes, mentions, errors: [error(1, frame('src/lib.js', 1))] }).kind).toBe('unknown');
    const both = name({ routes, mentions, errors: [error(3, frame('src/cart.js', 1, 'cart'))] });
    expect(both.suspects.map(({ id, strength }) => [id, strength])).toEqual([
      ['cart', 'strong'],
      ['search', 'weak'],
    ]);
    expect(both).toMatchObject({ kind: 'named', suspects: [{ id: 'cart' }, {}] });
  });
});

describe('N6 the culprit of what no error explains', () => {
  const unexplained = 'its latency';
  it('is at most perhaps whom the errors lead to, so that nobody is blamed for it', () => {
    const culprit = name({ unexplained, errors: [error(3, frame('src/cart.js', 1, 'cart'))] });
    expect(culprit.reason).toBe(
      'Perhaps "feat: cart": 3 of 3 stacks in its log pass lines that it alone wrote, at src/cart.js:1 (TypeError: no total); but no error explains its latency',
    );
    expect(answerable(culprit)).toBeUndefined();
  });

  it('is unknown where errors and slow routes lead to different ones', () => {
    const routes = [{ route: 'GET /search', failed: 0, slow: 12, stableFailed: 0, stableSlow: 1 }];
    const mentions = new Map([['GET /search', ['search']]]);
    const culprit = name({
      unexplained,
      routes,
      mentions,
      errors: [error(3, frame('src/cart.js', 1, 'cart'))],
    });
    expect(culprit.kind).toBe('unknown');
    expect(culprit.suspects).toHaveLength(2);
  });
});

describe('N6 the routes that fared worse', () => {
  const side = (requests: number, ...routes: [string, number, number][]) => ({
    requests,
    routes: routes.map(([route, failed, slow]) => ({ route, failed, slow })),
  });

  it('are those that fail more often by the requests each side had', () => {
    const candidate = side(100, ['GET /cart', 5, 0], ['GET /old', 1, 0], ['GET /slow', 0, 9]);
    const stable = side(1900, ['GET /old', 19, 0], ['GET /slow', 0, 20]);
    expect(worseRoutes(candidate, stable)).toEqual([
      { route: 'GET /cart', failed: 5, slow: 0, stableFailed: 0, stableSlow: 0 },
      { route: 'GET /slow', failed: 0, slow: 9, stableFailed: 0, stableSlow: 20 },
    ]);
    expect(worseRoutes(candidate, undefined).map(({ route }) => route)).toEqual([
      'GET /cart',
      'GET /old',
      'GET /slow',
    ]);
  });

  it('have one name on both sides, also where only one side failed on many of them', () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((letter): [string, number, number] => [
      `GET /p/${letter}`,
      1,
      0,
    ]);
    expect(worseRoutes(side(10, ...names), side(1000, ['GET /p/a', 3, 0]))).toEqual([
      { route: 'GET /p/*', failed: 5, slow: 0, stableFailed: 3, stableSlow: 0 },
    ]);
  });
});
