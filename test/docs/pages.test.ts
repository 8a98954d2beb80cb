import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (name: string) => readFileSync(path.join(root, name), 'utf8');

/** What a page calls a heading in its address. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('the documents', () => {
  it('are there', () => {
    expect(pages).toEqual(
      expect.arrayContaining(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']),
    );
  });

  it.each(pages)('%s links to files and headings that exist', (page) => {
    const text = read(page).replaceAll(/```[^]*?```/g, '');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
    const dead = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [file = '', heading] = target.split('#');
      const name = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(root, name))) return true;
      const headings = [...read(name).matchAll(/^#+ (.+)$/gm)].map(([, title]) => anchor(title ?? ''));
      return heading !== undefined && !headings.includes(heading);
    });
    expect(dead).toEqual([]);
  });

  it('CONTRIBUTING.md and ARCHITECTURE.md name files that exist', () => {
    for (const page of ['CONTRIBUTING.md', 'ARCHITECTURE.md']) {
      const named = [
        ...read(page).matchAll(
          /`((?:src|store|components|providers|test|scripts|demo)\/[\w./-]+\.(?:ts|tsx|mjs))`/g,
        ),
      ].map(([, file]) => file ?? '');
      expect(named.length).toBeGreaterThan(3);
      expect(named.filter((file) => !existsSync(path.join(root, file)))).toEqual([]);
    }
  });

  it.each(readdirSync(path.join(root, 'docs/pictures')))(
    'docs/pictures/%s is small and stands alone',
    (name) => {
      const file = path.join(root, 'docs/pictures', name);
      const svg = readFileSync(file, 'utf8');
      expect(statSync(file).size).toBeLessThan(60_000);
      expect(svg).toMatch(/^<svg [^>]*role="img"/);
      // What stands on the screen may be an address; what the picture is made of may not.
      const markup = svg.replaceAll(/>[^<]*</gu, '><').replace('http://www.w3.org/2000/svg', '');
      expect(markup).not.toMatch(/https?:|href|<image|<script|@import|url\(/);
    },
  );
});
