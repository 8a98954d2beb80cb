import { afterAll, describe, expect, it } from 'vitest';
import { createComparisons } from '../../src/engine/environments-apart.ts';
import { deployedShas, recordDeployed } from '../../src/engine/deployed.ts';
import { discover } from '../../src/planning/discover.ts';
import { preferencesSchema } from '../../src/domain/memory.ts';
import { emptyPatterns } from '../harness/planning.ts';
import { temporaryRepository } from '../harness/temporary-repository.ts';

const repository = await temporaryRepository();
afterAll(() => repository.remove());
const { git } = repository;
let asked = 0;
const compare = createComparisons(git, {
  discover({ base, head, signal }) {
    asked++;
    return discover(git, {
      base,
      head,
      signal,
      patterns: emptyPatterns(),
      preferences: preferencesSchema.parse({ schema: 'orchestra/config@2' }),
    });
  },
});

const lines = (changed: Record<number, string> = {}) =>
  Array.from({ length: 40 }, (_, i) => changed[i] ?? `line ${i}`).join('\n');
const root = repository.commit({ 'a.txt': lines(), 'b.txt': lines() }, 'feat: the shop');
const cart = repository.commit({ 'a.txt': lines({ 3: 'cart' }) }, 'feat(cart): saved baskets (#7)');
const search = repository.commit({ 'b.txt': lines({ 9: 'search' }) }, 'feat(search): by colour (#8)');
await git.run(['checkout', '-q', '-b', 'release', root]);
/** The same change as #8, built as a candidate builds it. */
const candidate = repository.commit(
  { 'b.txt': lines({ 9: 'search' }) },
  `feat(search): by colour (#8)\n\nOrchestra-Origin: ${search}`,
);
const hotfix = repository.commit({ 'c.txt': 'fixed\n' }, 'fix(pay): round cents (#9)');

const at = (environment: string, sha: string) => ({ environment, version: { sha, name: environment } });
const ids = (features: readonly { id: string }[]) => features.map(({ id }) => id);

describe('E2 what one environment has and another has not', () => {
  it('is what was deployed to the one and waits for the other', async () => {
    const apart = await compare(at('staging', search), at('production', cart));
    expect([ids(apart.onlyA), ids(apart.onlyB), apart.same]).toEqual([['pr-8'], [], false]);
    expect(apart.onlyA[0]?.commits).toMatchObject([{ sha: search, subject: 'feat(search): by colour (#8)' }]);
  });

  it('goes by what commits were made of, not by what they are called', async () => {
    const apart = await compare(at('staging', search), at('production', hotfix));
    expect([ids(apart.onlyA), ids(apart.onlyB)]).toEqual([['pr-7'], ['pr-9']]);
    const built = await compare(at('staging', search), at('production', candidate));
    expect([ids(built.onlyA), ids(built.onlyB)]).toEqual([['pr-7'], []]);
  });

  it('is nothing between equals, and unknown where nothing is deployed', async () => {
    const same = await compare(at('staging', cart), at('production', cart));
    expect(same).toMatchObject({ same: true, onlyA: [], onlyB: [] });
    const empty = await compare(at('staging', cart), { environment: 'production', version: null });
    expect(empty).toMatchObject({ same: false, onlyA: [], onlyB: [] });
  });

  it('is worked out once for two versions, and again after it failed', async () => {
    const before = asked;
    await compare(at('staging', search), at('production', cart));
    expect(asked).toBe(before);
    const gone = at('staging', 'f'.repeat(40));
    await expect(compare(gone, at('production', cart))).rejects.toThrow();
    await expect(compare(gone, at('production', cart))).rejects.toThrow();
  });

  it('starts from the records of all environments, read in one look', async () => {
    await recordDeployed(git, 'staging', search);
    await recordDeployed(git, 'eu-production', hotfix);
    expect(await deployedShas(git)).toEqual(
      new Map([
        ['eu-production', hotfix],
        ['staging', search],
      ]),
    );
  });
});
