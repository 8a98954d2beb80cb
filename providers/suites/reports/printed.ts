import { open } from 'node:fs/promises';
import { formatPrinted } from './registry.ts';
import type { ReportFormat } from './report-format.ts';

/** How far into an output its first line of a report is looked for, bytes: what installs and compilers say comes before. */
const lookedThrough = 1024 * 1024;

/** The report among what a suite printed: its format, and the byte of the log at which it begins. */
export async function printedReport(
  log: string,
  from: number,
): Promise<{ format: ReportFormat; from: number } | undefined> {
  const file = await open(log, 'r');
  try {
    const buffer = Buffer.alloc(lookedThrough);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    let at = 0;
    while (at < bytesRead) {
      const newline = buffer.indexOf(10, at);
      const end = newline < 0 || newline > bytesRead ? bytesRead : newline;
      const line = buffer.toString('utf8', at, Math.min(end, at + 16 * 1024)).replace(/\r$/, '');
      const format = formatPrinted(line);
      if (format) return { format, from: from + at };
      at = end + 1;
    }
    return undefined;
  } finally {
    await file.close();
  }
}
