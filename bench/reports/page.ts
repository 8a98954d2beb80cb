import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CaseCollector } from '../../src/domain/suite-cases.ts';
import { testReport } from '../../src/planning/papers/test-report.ts';
import { aDeployment } from '../../test/harness/deployment.ts';
import { type Figure, figure } from '../figure.ts';
import { median } from '../measure.ts';
import { caseAt } from './many-cases.ts';

const tests = 10_000;
const rounds = 3;
const places = [process.env['ORCHESTRA_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** How large the report of ten thousand tests is, and how soon a person reads and searches it. */
export async function page(folder: string): Promise<Figure[]> {
  const collector = new CaseCollector();
  for (let i = 0; i < tests; i += 1) collector.take(JSON.stringify(caseAt(i)));
  const d = aDeployment().built().suite('unit', 'failed', ['40 failed']).suite('smoke', 'passed').build();
  const began = performance.now();
  const { text } = testReport(d, new Map([['unit', collector.done()]]));
  const made = performance.now() - began;
  const file = path.join(folder, 'test-report.html');
  await writeFile(file, text);
  return [
    figure(
      'reports',
      'the HTML report of 10,000 tests, MB',
      Buffer.byteLength(text) / 1e6,
      `made in ${Math.round(made)} ms; every test listed: ${!text.includes('not listed here')}`,
      { atMost: 2 },
    ),
    ...(await inBrowser(file)),
  ];
}

async function inBrowser(file: string): Promise<Figure[]> {
  const executablePath = places.find((place) => place !== undefined && existsSync(place));
  if (executablePath === undefined)
    return [
      figure(
        'reports',
        'the same in a browser, ms',
        Number.NaN,
        'not measured: there is no Chromium',
        'none',
      ),
    ];
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    const paints: number[] = [];
    const ready: number[] = [];
    const searches: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
      await page.goto(pathToFileURL(file).href);
      // Texts, because they run there and not here.
      paints.push(Number(await page.evaluate(firstPaint)));
      ready.push(
        Number(await page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")),
      );
      searches.push(Number(await page.evaluate(search)));
      await page.close();
    }
    const against = `${browser.version()}, a phone's width, median of ${rounds}`;
    return [
      figure('reports', 'until it is first painted, ms', median(paints), against, { atMost: 1000 }),
      figure('reports', 'until it can be used, ms', median(ready), against, { atMost: 1000 }),
      figure('reports', 'from the first letters to what was searched, ms', median(searches), against, {
        atMost: 300,
      }),
    ];
  } finally {
    await browser.close();
  }
}

const firstPaint = `new Promise((resolve) => {
  const look = () => {
    const [paint] = performance.getEntriesByName('first-contentful-paint');
    if (paint) resolve(paint.startTime); else setTimeout(look, 10);
  };
  look();
})`;

const search = `new Promise((resolve) => {
  const box = document.getElementById('q');
  const began = performance.now();
  box.value = 'refund number 55';
  box.dispatchEvent(new Event('input'));
  requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
})`;
