import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMessage } from '../../src/planning/message.ts';

describe('commit messages', () => {
  it.each([
    ['feat: a', { type: 'feature', scope: undefined, breaking: false, title: 'feat: a' }],
    ['feat!: a', { type: 'feature', breaking: true }],
    ['fix(cart)!: a', { type: 'fix', scope: 'cart', breaking: true }],
    ['perf: a\n\nBREAKING CHANGE: gone\n', { type: 'perf', breaking: true }],
    ['fix(security): a', { type: 'security', urgent: 'is a security fix' }],
    ['constructor: a', { type: undefined, breaking: false }],
    ['just words', { type: undefined, title: 'just words' }],
    ['', { type: undefined, title: '' }],
  ])('D1 reads the type, scope and mark of %j', (message, expected) => {
    expect(readMessage(message, 1)).toMatchObject(expected);
  });

  it.each([
    [
      'Merge pull request #12 from x/feature/cart\n\nfeat: cart',
      { pullRequest: 12, title: 'feat: cart', type: 'feature', branch: 'feature/cart' },
    ],
    ['fix: a (#34)', { pullRequest: 34 }],
    [
      "Merge branch 'hotfix/x' into 'main'\n\nSee merge request g/p!9",
      { pullRequest: 9, urgent: 'is marked hotfix' },
    ],
    ['Merged in fix/x (pull request #5)\n\nFix the thing', { pullRequest: 5, title: 'Fix the thing' }],
    ['Merged PR 77: Add search', { pullRequest: 77, title: 'Add search' }],
    ["Merge branch 'main' into dev", { pullRequest: undefined, branch: undefined, merge: true }],
    [
      "Merge pull request #6 in SHOP/web from feature/cart to master\n\n* commit 'abc':\n  one",
      { pullRequest: 6, branch: 'feature/cart', type: 'feature' },
    ],
    [
      'Pull request #8: Add cart\n\nMerge in SHOP/web from bugfix/cart to master',
      { pullRequest: 8, title: 'Add cart', branch: 'bugfix/cart' },
    ],
    [
      "Merge pull request 'Add cart (beta)' (#21) from me/cart into main\n\nReviewed-on: https://x/y/z/pulls/21",
      { pullRequest: 21, title: 'Add cart (beta)', branch: 'me/cart' },
    ],
    ['Merge PR 22: Add cart', { pullRequest: 22, title: 'Add cart' }],
    [
      'Auto merge of #23 - me:cart, r=you\n\nAdd cart',
      { pullRequest: 23, title: 'Add cart', branch: 'cart' },
    ],
    ['Merge #24\n\n24: Add cart r=you a=me', { pullRequest: 24, title: 'Add cart r=you a=me' }],
    ['Merge commit from fork\n\n* Refuse it', { title: '* Refuse it'.slice(2), urgent: 'is a security fix' }],
    ['Add cart (!25)', { pullRequest: 25 }],
    ['Add cart\n\nSee merge request shop/web!26', { pullRequest: 26, title: 'Add cart' }],
    ['Add cart\n\nReviewed-on: https://codeberg.org/a/b/pulls/27', { pullRequest: 27 }],
    ['Add cart (PR #28)', { pullRequest: 28 }],
    ['about (#1) in the middle', { pullRequest: undefined }],
    ['fix: a (#99999999999999999999)', { pullRequest: undefined }],
  ])('D2 finds the pull request of %j', (message, expected) => {
    expect(readMessage(message, message.startsWith('Merge') ? 2 : 1)).toMatchObject(expected);
  });

  it.each([
    ['ABC-12: a', 'abc-12'],
    ['[ABC-12] a', 'abc-12'],
    ['feat(ABC-12): a', 'abc-12'],
    ['feat: ABC-12 a', 'abc-12'],
    ['a\n\nRefs: ABC-12', 'abc-12'],
    ['a\n\nCloses #7', 'issue-7'],
    ['AB#31 a', 'ab-31'],
    ['feat: a (ABC-12) (#9)', 'abc-12'],
    ['NONE-000: a', undefined],
    ['SHA-256 sums', undefined],
    ['CVE-2024-1234: a', undefined],
    ['say ABC-12 in the middle', undefined],
  ])('D2 reads the issue key of %j', (message, issue) => {
    expect(readMessage(message, 1).issue).toBe(issue);
  });

  it.each([
    [
      'Revert "feat: x"\n\nThis reverts commit abcdef1234567.\n',
      { sha: 'abcdef1234567', subject: 'feat: x' },
    ],
    ['revert: feat: x', { sha: undefined, subject: 'feat: x' }],
  ])('D1 knows what %j takes back', (message, reverts) => {
    expect(readMessage(message, 1)).toMatchObject({ type: 'revert', reverts });
  });

  it.each([
    ['fix: a\n\nFixes CVE-2024-12345', 'names CVE-2024-12345'],
    ['fix: a (GHSA-abcd-1234-wxyz)', 'names GHSA-abcd-1234-wxyz'],
    ['hotfix: a', 'is marked hotfix'],
    ['fix: a\n\nPriority: P0', 'has a P0 trailer'],
    ['[critical] a', 'is marked critical'],
    ['fix: a critical path in the docs', undefined],
    ['fix: a', undefined],
  ])('S2 says why %j must ship, or that nothing says so', (message, urgent) => {
    expect(readMessage(message, 1).urgent).toBe(urgent);
  });

  it('answers for any text, quickly', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.integer({ min: 0, max: 3 }),
        (text, parents) => {
          expect(readMessage(text, parents).title).toBeTypeOf('string');
        },
      ),
    );
    for (const piece of ['(', '#', 'Revert "', '\n\n', 'a: ', 'Closes '])
      expect(readMessage(piece.repeat(20_000), 1).title.length).toBeLessThanOrEqual(20_000);
  });

  it.each([
    'Security Fix: Prevent command injection (CWE-78)',
    '[security] no shell',
    'fix(security): x',
    'security: y',
  ])('S2 reads %j as a security fix, which must ship', (subject) => {
    expect(readMessage(subject, 1)).toMatchObject({ type: 'security', urgent: 'is a security fix' });
  });

  it('D1 reads the end of a message of any length, and only what its own lines say', () => {
    const long = `feat: a\n\n${'* a line of a squashed body\n'.repeat(100_000)}`;
    expect(readMessage(`${long}\nBREAKING CHANGE: gone\nRefs: ABC-12`, 1)).toMatchObject({
      breaking: true,
      issue: 'abc-12',
    });
    expect(readMessage(`feat: a\n\n(cherry picked from commit ${'a'.repeat(40)})`, 1).pickedFrom).toEqual([
      'a'.repeat(40),
    ]);
  });

  it('S2 does not take every mention of security for a fix', () => {
    expect(readMessage('Describe the security model', 1).urgent).toBeUndefined();
  });
});
