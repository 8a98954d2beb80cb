import { jestLike } from '../jest-like.ts';
import type { ReportFormat } from '../report-format.ts';

/** `jest --json`. */
export const jest: ReportFormat = {
  name: 'jest',
  recognises: (head) =>
    /^\s*\{/.test(head) && /"(?:numRuntimeErrorTestSuites|openHandles|wasInterrupted)"\s*:/.test(head),
  reader: jestLike,
};
