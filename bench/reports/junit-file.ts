import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { html } from '../../src/domain/html.ts';
import { caseAt } from './many-cases.ts';

const escaped = (text: string): string => html`${text}`.text;

/** Writes a report of JUnit with so many tests, as vitest writes one. */
export async function writeJunit(path: string, n: number): Promise<void> {
  const file = createWriteStream(path);
  file.write(`<?xml version="1.0" encoding="UTF-8" ?>\n<testsuites name="tests" tests="${n}">\n`);
  for (let i = 0; i < n; i += 1) {
    const { group = '', name, status, durationMs = 0, message = '' } = caseAt(i);
    const [first = ''] = message.split('\n');
    const inner =
      status === 'failed'
        ? `<failure message="${escaped(first)}" type="AssertionError">${escaped(message)}</failure>`
        : status === 'skipped'
          ? '<skipped/>'
          : '';
    const before = i % 20 === 0 ? `<testsuite name="${escaped(group)}">` : '';
    const after = i % 20 === 19 || i === n - 1 ? '</testsuite>' : '';
    const names = `classname="${escaped(group)}" name="${escaped(name)}"`;
    const time = (durationMs / 1000).toFixed(4);
    const text = `${before}<testcase ${names} time="${time}">${inner}</testcase>${after}\n`;
    if (!file.write(text)) await once(file, 'drain');
  }
  file.end('</testsuites>\n');
  await finished(file);
}
