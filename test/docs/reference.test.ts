import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { configurationReference } from '../../scripts/reference/configuration.ts';
import { keysReference } from '../../scripts/reference/keys.ts';
import { pages, withGenerated } from '../../scripts/reference/pages.ts';

const root = new URL('../../', import.meta.url);

describe('the pages that are written from the code', () => {
  it.each(pages)(
    '$file says what the code says (else run: node scripts/reference.mjs)',
    ({ file, generate }) => {
      const text = readFileSync(fileURLToPath(new URL(file, root)), 'utf8');
      expect(withGenerated(text, generate())).toBe(text);
    },
  );

  it('E1 the reference tells of a key its default, whether it is needed, and its meaning', () => {
    const text = configurationReference();
    expect(text).toContain('### `environments.<name>.thresholds`');
    expect(text).toMatch(/^\| `start` \| text \| \*\*required\*\* \| Starts the service/m);
    expect(text).toMatch(/^\| `duration` \| duration \| `5m` \| How long each step is watched/m);
    expect(text).toMatch(/^\| `kind` \| `unit`, `integration`, .* \| `unit` \|/m);
  });

  it('lists the keys with what they do in each view', () => {
    const text = keysReference();
    expect(text).toMatch(/^\| `r` \| roll back \| everywhere \|$/m);
    expect(text).toMatch(/^\| `n` .*selection: build · staging: run tests/m);
  });

  it('a page without its markers is refused', () => {
    expect(() => withGenerated('# Keys', 'x')).toThrow('markers');
  });
});
