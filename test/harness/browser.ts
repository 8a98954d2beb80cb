import { existsSync } from 'node:fs';
import { chromium, type Browser, type Page } from 'playwright-core';

/** Where Debian and others put it; none is ever downloaded. */
const places = [
  process.env['ORCHESTRA_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export const chromiumPath = places.find((place) => place !== undefined && existsSync(place));

/** Why tests in a browser cannot run here; undefined when they can. */
export const noBrowser =
  chromiumPath === undefined ? 'there is no Chromium (scripts/system-packages.sh installs it)' : undefined;

/** One browser for many pages; whoever opened it closes it. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }),
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
}

/** What a page did that no report may do: everything in it is a fault. */
export interface Misdeeds {
  dialogs: string[];
  requests: string[];
  violations: string[];
  errors: string[];
  popups: number;
}

/** Notes what the page does from now on; its own file is no request. */
export function watch(page: Page): Misdeeds {
  const seen: Misdeeds = { dialogs: [], requests: [], violations: [], errors: [], popups: 0 };
  page.on('dialog', (dialog) => {
    seen.dialogs.push(dialog.message());
    void dialog.dismiss().catch(() => {});
  });
  page.on('request', (request) => {
    if (!request.isNavigationRequest() || request.frame() !== page.mainFrame())
      seen.requests.push(request.url());
  });
  page.on('console', (message) => {
    if (/content security policy|refused to/i.test(message.text())) seen.violations.push(message.text());
  });
  page.on('pageerror', (error) => seen.errors.push(String(error)));
  page.on('popup', () => {
    seen.popups += 1;
  });
  return seen;
}
