import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCulprit, type Scene } from '../../../src/planning/culprit/find-culprit.ts';
import { shipped } from '../../harness/deployment.ts';
import { temporaryRepository, type TemporaryRepository } from '../../harness/temporary-repository.ts';

const root = '/state/worktrees/run-production-1';
const numbered = (change: Record<number, string> = {}) =>
  Array.from({ length: 20 }, (_, i) => change[i + 1] ?? `line ${i + 1};`).join('\n');

describe('N6 the culprit of a rollback, on a repository', () => {
  let repository: TemporaryRepository;
  let stable = '';
  let candidate = '';
  beforeEach(async () => {
    repository = await temporaryRepository();
    stable = repository.commit({ 'src/app.js': numbered(), 'src/cart.js': 'old();\n' });
    const [waitingCart, waitingSearch] = ['c'.repeat(40), 'd'.repeat(40)];
    repository.commit(
      { 'src/app.js': numbered({ 3: 'cart();' }), 'src/cart.js': 'old();\nsum();\n' },
      `feat: cart\n\nOrchestra-Origin: ${waitingCart}`,
    );
    candidate = repository.commit(
      {
        'src/app.js': numbered({ 3: 'cart();', 12: "route('/search', search);" }),
        'src/search.js': 'find();\n',
      },
      `feat: search\n\nOrchestra-Origin: ${waitingSearch}`,
    );
  });
  afterEach(() => repository.remove());

  const stack = (at: string, message = 'TypeError: no sum') => `${message}\n    at f (${root}/${at}:1)\n`;
  const find = (change: Partial<Scene> & { log?: string; before?: string }) =>
    findCulprit({
      git: repository.git,
      candidate,
      stable,
      features: [
        shipped('cart', { commits: ['c'.repeat(40)], paths: ['src/app.js', 'src/cart.js'] }),
        shipped('search', { commits: ['d'.repeat(40)], paths: ['src/app.js', 'src/search.js'] }),
      ],
      logs: {
        candidate: [{ text: change.log ?? '', roots: [root] }],
        stable: [{ text: change.before ?? '', roots: [root] }],
      },
      routes: undefined,
      unread: [],
      signal: new AbortController().signal,
      ...change,
    });

  it('is traced by blame to the feature that wrote the line, in a file that both changed', async () => {
    const culprit = await find({ log: stack('src/app.js:3').repeat(4) });
    expect(culprit).toMatchObject({
      kind: 'named',
      suspects: [{ id: 'cart', strength: 'strong', stacks: 4, of: 4 }],
    });
    expect((await find({ log: stack('src/app.js:12') })).suspects).toMatchObject([{ id: 'search' }]);
    expect((await find({ log: stack('src/app.js:5') })).kind, 'a line that neither wrote').toBe('unknown');
    expect((await find({ log: stack('src/app.js:500') })).kind, 'a line that is not there').toBe('unknown');
  });

  it('leaves out what stable’s log shows as well', async () => {
    const culprit = await find({ log: stack('src/cart.js:1').repeat(9), before: stack('src/cart.js:1') });
    expect(culprit.reason).toBe("Unknown: stable's log shows all of its 9 stacks too");
    expect(culprit.errors).toMatchObject([{ count: 9, alsoStable: true }]);
  });

  it('shows no secret that an error’s message repeats', async () => {
    const secrets = [
      'Error: connect postgres://shop:hunter22@db/shop',
      'Error: 401 for Authorization: Bearer abcdefgh.1234567890',
      'Error: api_key=sk_live_1234567890abcdefghij is refused',
      'Error: no user ada@example.org',
      'Error: session 8f7a6b5c4d3e2f1a8f7a6b5c4d3e2f1a8f7a6b5c is over',
    ];
    const { errors, reason } = await find({
      log: secrets.map((one, i) => stack(`src/cart.js:${i + 1}`, one)).join(''),
    });
    const said = JSON.stringify([errors, reason]);
    expect(errors).toHaveLength(5);
    for (const secret of ['hunter22', 'abcdefgh', 'sk_live', 'ada@', '8f7a6b5c4d'])
      expect(said).not.toContain(secret);
  });

  it('N6 finds the feature that names the slow route, where no log has a stack', async () => {
    const slow = { requests: 50, routes: [{ route: 'GET /search', failed: 0, slow: 20 }] };
    const culprit = await find({ routes: { candidate: slow, stable: { requests: 900, routes: [] } } });
    expect(culprit).toMatchObject({ kind: 'named', suspects: [{ id: 'search', strength: 'weak' }] });
  });

  it('says what it could not read, and never fails for it', async () => {
    const culprit = await find({ stable: 'f'.repeat(40), log: stack('src/app.js:3') });
    expect(culprit.kind).toBe('unknown');
    expect(culprit.unread.join()).toContain('the changed lines could not be read');
  });
});
