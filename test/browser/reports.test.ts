/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { caseAt } from '../../bench/reports/many-cases.ts';
import { exportHistory } from '../../src/domain/history-export.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { CaseCollector } from '../../src/domain/suite-cases.ts';
import { deploymentReport } from '../../src/planning/papers/html/deployment-report.ts';
import { testReport } from '../../src/planning/papers/test-report.ts';
import { noBrowser, openBrowser, watch } from '../harness/browser.ts';
import { aDeployment } from '../harness/deployment.ts';
import { pastRow } from '../harness/history.ts';
import { hostileCases, hostileDeployment } from '../harness/hostile-deployment.ts';
import { hostileMarkup } from '../harness/hostile-markup.ts';
import { withProgram } from '../harness/programs.ts';

/** Every HTML document there is, with this text wherever one from outside can stand in it. */
const documents: Readonly<Record<string, (text: string) => string>> = {
  'test-report.html': (text) => testReport(hostileDeployment(text), hostileCases(text)).text,
  'report.html': (text) => deploymentReport(hostileDeployment(text), []).text,
  'history.html': (text) =>
    exportHistory(
      [
        pastRow('2026-01-31', {
          id: text,
          environment: text,
          reason: text,
          by: text,
          strategy: text,
          version: text,
          candidate: text,
          features: [{ id: 'a', title: text }],
        }),
      ],
      'html',
    ),
};

withProgram('Chromium', noBrowser, () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let shown = '';

  beforeAll(async () => {
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    // Whatever else a page asks for is noted and gets no answer.
    await context.route('**/*', (route) =>
      route.request().url() === 'http://report.test/'
        ? route.fulfill({ contentType: 'text/html; charset=utf-8', body: shown })
        : route.abort(),
    );
    page = await context.newPage();
  });
  afterAll(() => browser.close());
  beforeEach(() => page.setViewportSize({ width: 1280, height: 900 }));

  const open = async (text: string, on = page) => {
    shown = text;
    await on.goto('http://report.test/');
  };
  /** How many of each element there are, and what is written. */
  const looked = (on = page) =>
    on.evaluate(() => {
      const tags: Record<string, number> = {};
      for (const { localName } of document.querySelectorAll('*'))
        tags[localName] = (tags[localName] ?? 0) + 1;
      const attributes = new Set<string>();
      for (const element of document.querySelectorAll('*'))
        for (const { name } of element.attributes) attributes.add(name);
      return {
        tags,
        attributes: [...attributes].sort(),
        text: document.documentElement.textContent,
      };
    });

  it.each(Object.entries(documents))(
    'C7 S4 in %s a hundred hostile texts stay text: nothing runs, nothing leaves',
    async (_, made) => {
      expect(hostileMarkup).toHaveLength(100);
      await open(made('plain words'));
      const plain = await looked();
      const seen = watch(page);
      for (const text of hostileMarkup) {
        await open(made(text));
        const now = await looked();
        expect(now.tags, text).toEqual(plain.tags);
        expect(now.attributes, text).toEqual(plain.attributes);
        const words = (it: string) => it.replace(/\s+/g, ' ').trim();
        expect(words(now.text ?? ''), text).toContain(words(safeText(text, 100)).slice(0, 40));
        // What only acts when it is touched: every fold opened, something searched for, every element focused.
        await page.evaluate(() => {
          for (const details of document.querySelectorAll('details')) details.open = true;
          const search = document.querySelector<HTMLInputElement>('#q');
          if (search) {
            search.value = 'script';
            search.dispatchEvent(new Event('input'));
          }
          for (const element of document.querySelectorAll<HTMLElement>('a,input,pre,[tabindex],summary')) {
            element.focus();
            element.dispatchEvent(new MouseEvent('mouseover', { bubbles: true }));
          }
        });
        expect(await page.evaluate(() => '__hit' in window), text).toBe(false);
      }
      expect(seen).toEqual({ dialogs: [], requests: [], violations: [], errors: [], popups: 0 });
    },
    120_000,
  );

  it.each(Object.entries(documents))(
    'S4 the policy of %s lets no script run that is not the page’s own',
    async (_, made) => {
      const seen = watch(page);
      await open(
        made('x').replace(
          /<h1>/,
          '<h1><script>window.__hit = 1</script><img src="/i" onerror="window.__hit=1">',
        ),
      );
      await page.waitForTimeout(50);
      expect(await page.evaluate(() => '__hit' in window)).toBe(false);
      expect(seen.violations.length).toBeGreaterThan(0);
    },
  );

  const many = () => {
    const collector = new CaseCollector();
    for (let i = 0; i < 10_000; i += 1) collector.take(JSON.stringify(caseAt(i)));
    const d = aDeployment().built().suite('unit', 'failed', ['40 failed']).suite('smoke', 'passed').build();
    return testReport(d, new Map([['unit', collector.done()]])).text;
  };

  it('S4 ten thousand tests are searched by word and by how they ended, and cleared again', async () => {
    await open(many());
    const found = () => page.locator('#found').textContent();
    await page.keyboard.press('/');
    await page.keyboard.type('refund number 55');
    await expect.poll(found).toBe('110 tests found');
    expect(await page.locator('#all li:visible').count()).toBe(110);
    await page.selectOption('#k', 'f');
    await page.fill('#q', '');
    await expect.poll(found).toBe('40 tests found');
    await page.selectOption('#k', '');
    await page.fill('#q', 'no such test');
    await expect.poll(found).toBe('0 tests found');
    await page.locator('#q').press('Escape');
    await expect.poll(found).toBe('10000 tests');
    expect(await page.locator('#all details[open]').count()).toBe(0);
  });

  it('S4 without its script the page says everything, and shows no search that does nothing', async () => {
    const still = await browser.newContext({ javaScriptEnabled: false });
    try {
      const quiet = await still.newPage();
      await quiet.setContent(many());
      expect(await quiet.locator('#find').isVisible()).toBe(false);
      expect(await quiet.locator('#all details').count()).toBe(504);
      await quiet.locator('#all summary').first().click();
      expect(await quiet.locator('#all li:visible').count()).toBe(20);
    } finally {
      await still.close();
    }
  });

  it.each(Object.keys(documents))('%s needs no sideways scrolling on a phone', async (name) => {
    await page.setViewportSize({ width: 360, height: 740 });
    await open(documents[name]?.('plain words and a_very_long_name_without_any_break_'.repeat(3)) ?? '');
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(wide).toBeLessThanOrEqual(screen ?? 0);
  });

  it.each(['light', 'dark'] as const)(
    'S4 in %s every text of the test report has a contrast of 4.5 or more',
    async (scheme) => {
      await page.emulateMedia({ colorScheme: scheme });
      await open(documents['test-report.html']?.('plain words') ?? '');
      const least = await page.evaluate(() => {
        const numbers = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
        const light = (color: string) => {
          const [r = 0, g = 0, b = 0] = numbers(color).map((c) => {
            const part = c / 255;
            return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
          });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const behind = (element: Element): string => {
          const color = getComputedStyle(element).backgroundColor;
          if ((numbers(color)[3] ?? 1) > 0) return color;
          return element.parentElement ? behind(element.parentElement) : 'rgb(255,255,255)';
        };
        let least = 21;
        for (const element of document.body.querySelectorAll('*')) {
          const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
          if (!own || element.localName === 'script') continue;
          const [a = 0, b = 0] = [light(getComputedStyle(element).color), light(behind(element))].sort(
            (x, y) => y - x,
          );
          least = Math.min(least, (a + 0.05) / (b + 0.05));
        }
        return least;
      });
      await page.emulateMedia({ colorScheme: null });
      expect(least).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(Object.keys(documents))(
    '%s has one first heading, none that skips a level, names, and a language',
    async (name) => {
      await open(documents[name]?.('plain words') ?? '');
      const { levels, unnamed, language, scopeless } = await page.evaluate(() => ({
        levels: [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(({ localName }) =>
          Number(localName[1]),
        ),
        unnamed: [...document.querySelectorAll('input,select')].filter((it) => !it.closest('label')).length,
        language: document.documentElement.lang,
        scopeless: document.querySelectorAll('th:not([scope])').length,
      }));
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.every((level, i) => i === 0 || level - (levels[i - 1] ?? 0) <= 1)).toBe(true);
      expect({ unnamed, language, scopeless }).toEqual({ unnamed: 0, language: 'en', scopeless: 0 });
    },
  );

  it('S4 by keyboard alone: what has the focus is seen, and folds open with Enter', async () => {
    await open(many());
    await page.keyboard.press('Tab');
    const outline = () =>
      page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('a');
    expect(await outline()).not.toBe('none');
    await page.locator('#all summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#all details[open]').count()).toBe(1);
  });
});
