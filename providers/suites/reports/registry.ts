import type { ReportFormatName } from '../../../src/domain/report-format.ts';
import { cargo } from './formats/cargo.ts';
import { go } from './formats/go.ts';
import { jest } from './formats/jest.ts';
import { junit } from './formats/junit.ts';
import { rspec } from './formats/rspec.ts';
import { tap } from './formats/tap.ts';
import { vitest } from './formats/vitest.ts';
import type { ReportFormat } from './report-format.ts';

const all = Object.freeze({ junit, vitest, jest, rspec, go, cargo, tap }) satisfies Record<
  ReportFormatName,
  ReportFormat
>;

/** Every format of reports that is read, in the order in which a file is tried. A new one is a file and a line here. */
export const reportFormats: readonly ReportFormat[] = Object.values(all);

/** The format of this name. */
export function reportFormat(name: ReportFormatName): ReportFormat {
  return all[name];
}

/** The format of a file that begins so; undefined where none is known. */
export function formatOf(head: string): ReportFormat | undefined {
  return reportFormats.find(({ recognises }) => recognises(head));
}

/** The format that this line of an output begins. */
export function formatPrinted(line: string): ReportFormat | undefined {
  return reportFormats.find((format) => format.printedBy?.(line) === true);
}
