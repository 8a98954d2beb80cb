import type { ReportFormatName } from '../../../src/domain/report-format.ts';
import type { TestCase } from '../../../src/domain/test-case.ts';

/** A test as a report has it: texts as they are, numbers unchecked. */
export interface ReportedTest {
  group?: string | undefined;
  name: string;
  status: TestCase['status'];
  durationMs?: number | undefined;
  message?: string | undefined;
  /** `path:line`, where the report gives it a place of its own. */
  place?: string | undefined;
  /** What it printed as it failed; looked through for a place. */
  trace?: string | undefined;
}

/** What a report says of itself at its end. */
export interface ReportEnd {
  /** What is wrong with the report, or what it says beside its tests; not yet safe to print. */
  problem?: string | undefined;
  /** Whether it says that the suite failed, though it names no test that did. */
  failed?: boolean | undefined;
}

/** Reads one report as it comes. Both may throw `BrokenReport`; what was found before counts. */
export interface ReportReader {
  write(text: string): void;
  end(): ReportEnd;
}

/** A format of reports. To add one: a file in formats/, its name in the domain's list, and a line in the registry. */
export interface ReportFormat {
  name: ReportFormatName;
  /** Whether a file that begins with these characters is one. */
  recognises: (head: string) => boolean;
  /** Whether this line, printed by a suite among others, begins one; absent where runners write it to files only. */
  printedBy?: (line: string) => boolean;
  reader(found: (test: ReportedTest) => void): ReportReader;
}

/** A report that cannot be read any further; the message says why. */
export class BrokenReport extends Error {}
