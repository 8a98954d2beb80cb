import type { Detector } from './detector.ts';

const testFolder = /(?:^|\/)(?:tests?|__\w{0,20}tests?\w{0,20}__|specs?|e2e|cypress|features|testing)\//iu;
const testFile =
  /(?:[._-](?:test|tests|spec|e2e|cy)\.[\w]+|(?:^|\/)test_[^/]+\.py|_test\.(?:go|py|rb|exs|dart|cc|cpp|c)|(?:Test|Tests|Spec|IT)\.(?:java|kt|scala|cs|swift|php|groovy))$/u;

/** Whether a path is a test of any of the usual layouts. */
export function isTest(path: string): boolean {
  return testFolder.test(path) || testFile.test(path);
}

/** D2: tests touched or not. */
export const tests: Detector = {
  name: 'tests',
  detect: ({ files }) => ({
    testsTouched: files.some((file) => file.status !== 'deleted' && isTest(file.path)),
  }),
};
