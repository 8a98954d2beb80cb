import { describe, expect, it } from 'vitest';
import { saysVersion, wrongVersionText } from '../../src/domain/says-version.ts';

const version = { sha: `9fceb02d0ae5${'0'.repeat(28)}`, name: 'release/1' };

describe('G3 what a service says its version is', () => {
  it.each([
    [version.sha, true],
    ['{"commit":"9FCEB02","built":"today"}', true],
    ['running release/1\n', true],
    ['release/12', false],
    ['9fceb0', false],
    ['1234567', false],
    ['', false],
    [`x${version.sha}`, false],
  ])('%s', (answer, fits) => {
    expect(saysVersion(answer, version)).toBe(fits);
  });

  it('is told without what could act on a screen', () => {
    expect(wrongVersionText('GET /version', '\u001b[2Jv1\n', version)).toBe(
      'GET /version says "\ufffd[2Jv1", not 9fceb02d0ae5 (release/1)',
    );
    expect(wrongVersionText('GET /version', undefined, version)).toContain('does not tell a version');
  });
});
