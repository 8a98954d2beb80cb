import { jestLike } from '../jest-like.ts';
import type { ReportFormat } from '../report-format.ts';

/** `vitest --reporter=json`: the shape of jest's, without what only jest counts. */
export const vitest: ReportFormat = {
  name: 'vitest',
  recognises: (head) =>
    /^\s*\{/.test(head) &&
    /"(?:numTotalTestSuites|numTotalTests|testResults)"\s*:/.test(head) &&
    !/"(?:numRuntimeErrorTestSuites|openHandles|wasInterrupted)"\s*:/.test(head),
  reader: jestLike,
};
