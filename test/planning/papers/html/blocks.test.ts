import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { html } from '../../../../src/domain/html.ts';
import {
  blocks,
  bullets,
  code,
  codeBlock,
  md,
  steps,
  table,
  ticks,
} from '../../../../src/domain/markdown.ts';
import { htmlFromMarkdown } from '../../../../src/planning/papers/html/from-markdown.ts';
import { linePlot } from '../../../../src/planning/papers/html/line-plot.ts';
import { htmlPage } from '../../../../src/planning/papers/html/page.ts';
import { ticksOf, timeTicks } from '../../../../src/planning/papers/html/ticks.ts';
import { tagsOf } from '../../../harness/markup.ts';

const names = (page: string): string[] => tagsOf(page).map(({ name }) => name);

describe('htmlPage', () => {
  const page = htmlPage({
    title: '<b>',
    body: html`<p>${'"><script>'}</p>`,
    footer: 'end',
    css: 'p{margin:0}',
  });

  it('carries its own style, names it by its hash, and lets nothing else act or be fetched', () => {
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    const policy = tagsOf(page).find(({ attributes }) => 'http-equiv' in attributes)?.attributes['content'];
    expect(policy).toBe(
      `default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(style).toContain('p{margin:0}');
    expect(style).not.toMatch(/url\(|@import/);
  });

  it('escapes what it is given, the title too', () => {
    expect(page).toContain('<title>&lt;b&gt;</title>');
    expect(names(page)).not.toContain('script');
  });
});

describe('htmlFromMarkdown', () => {
  it('shows the papers’ own Markdown: headings, tables, lists, ticks, code, quotes', () => {
    const text = blocks(
      '# One',
      '## Two',
      'Some **bold** words and `code`.',
      table(['A', 'B'], [[md('x|y'), code('p|q')]]),
      table(['', ''], [['Name', 'Ada']]),
      bullets(['first']),
      steps(['then']),
      ticks([
        { done: true, text: 'done' },
        { done: false, text: 'open' },
      ]),
      codeBlock(['a < b'], 'sh'),
      '> careful',
    );
    const out = htmlFromMarkdown(text).text;
    expect(names(out)).toEqual(
      expect.arrayContaining(['h2', 'h3', 'strong', 'table', 'dl', 'ul', 'ol', 'pre', 'blockquote']),
    );
    expect(out).toContain('x|y');
    expect(out).toContain('<code>p|q</code>');
    expect(out).toContain('a &lt; b');
    expect(out).toContain('aria-label="done"');
  });

  it('whatever a text from outside holds, it makes no tag', () => {
    for (const hostile of [
      '<script>alert(1)</script>',
      '|<img src=x>|',
      '`<b>`',
      '\\`<i>',
      '[x](javascript:1)',
      '```',
      '# x',
      '- [x] y',
    ]) {
      const out = htmlFromMarkdown(
        blocks(md(hostile), bullets([md(hostile)]), table(['A'], [[code(hostile)]])),
      ).text;
      expect(
        names(out).filter((name) => ['script', 'img', 'b', 'i', 'a', 'h2', 'pre'].includes(name)),
      ).toEqual([]);
    }
  });
});

describe('linePlot', () => {
  it('draws a line for each side, broken where nothing was measured, with the limit across', () => {
    const out = linePlot({
      title: 'Errors',
      description: 'both sides',
      series: [
        {
          name: 'new',
          side: 'fresh',
          points: [
            [0, 1],
            [10, undefined],
            [20, 2],
            [30, 3],
          ],
        },
      ],
      lastX: 30,
      atLeastY: 1,
      yWords: (y) => `${y} %`,
      limits: [{ y: 5, text: 'limit 5 %' }],
      marks: [{ x: 10, text: '1', kind: 'phase' }],
    }).text;
    const path = tagsOf(out).find(({ name }) => name === 'path')?.attributes['d'] ?? '';
    expect(path.match(/M/g)).toHaveLength(2);
    expect(out).toContain('limit 5 %');
    expect(out).toContain('role="img"');
  });

  it('leaves out a limit so far away that nothing else could be seen', () => {
    const out = linePlot({
      title: 't',
      description: 'd',
      series: [],
      lastX: 1,
      atLeastY: 1,
      yWords: String,
      limits: [{ y: Infinity, text: 'never' }],
    });
    expect(out.text).not.toContain('never');
  });

  it.each([0, 0.003, 1, 4.2, 5, 99, 100, 12_345])('marks %d with few round numbers that reach it', (most) => {
    const marks = ticksOf(most);
    expect(marks.at(-1)).toBeGreaterThanOrEqual(most);
    expect(marks.length).toBeLessThanOrEqual(7);
    expect(timeTicks(most).length).toBeLessThanOrEqual(6);
  });
});
