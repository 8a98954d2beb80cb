import type { Evidence } from '../detection.ts';

/** The kinds of suites that settings know. */
export type SuiteKind = 'unit' | 'integration' | 'smoke' | 'performance' | 'security';

/** A suite as `init` writes it. */
export interface SuiteFinding {
  name: string;
  kind: SuiteKind;
  run: string;
  /** Where its report is; absent where it is found by itself, or its runner writes none. */
  report?: string;
  why: Evidence;
}

/** Suites of a project, and tests that were found and are not written, with the reason. */
export interface SuiteFindings {
  suites: SuiteFinding[];
  left: Evidence[];
}

const byName: readonly (readonly [RegExp, SuiteKind])[] = [
  [/perf|bench|load|stress/i, 'performance'],
  [/secur|audit|vuln|sast/i, 'security'],
  [/smoke|sanity/i, 'smoke'],
  [/integ|e2e|end.?to.?end|functional|acceptance|system|feature|contract/i, 'integration'],
];

/** What sort of proof tests of this name are; unit where the name says nothing else. */
export function kindOf(name: string): SuiteKind {
  return byName.find(([pattern]) => pattern.test(name))?.[1] ?? 'unit';
}

/** Whether a path taken from a project can stand in a command line as it is. */
export function isPlainPath(path: string): boolean {
  return /^[\w@][\w./@-]{0,200}$/.test(path) && !path.split('/').includes('..');
}

/** The file in which a suite's runner is told to write its report: in the root, since not every runner makes folders. */
export function reportFile(name: string, extension: 'json' | 'xml'): string {
  return `.orchestra-report.${name}.${extension}`;
}
