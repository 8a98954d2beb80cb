import { reportFile } from './suite-finding.ts';

/** How a test runner of Node is told to write a report this program reads. */
export interface NodeRunner {
  name: string;
  /** Whether the last command of a script is this one. */
  runs: RegExp;
  /** What is added behind the script's own arguments, or set before it. */
  told: (suite: string) => { options: string; report?: string } | { before: string };
  /** How it is run where no script does it. */
  bare: string;
}

const start = String.raw`^(?:(?:[A-Za-z_]\w*=\S*|cross-env|npx|c8|nyc)\s+)*`;

/** The runners that can write a report by themselves. A new one is a line here. */
export const nodeRunners: readonly NodeRunner[] = [
  {
    name: 'vitest',
    runs: new RegExp(`${start}vitest(?: run)?(?=\\s+-|\\s+[^-\\s]*[/.]|\\s*$)`),
    told: (suite) => ({
      options: `--reporter=default --reporter=json --outputFile.json=${reportFile(suite, 'json')}`,
      report: reportFile(suite, 'json'),
    }),
    bare: 'vitest run',
  },
  {
    name: 'jest',
    runs: new RegExp(`${start}jest(?=\\s|$)`),
    told: (suite) => ({
      options: `--json --outputFile=${reportFile(suite, 'json')}`,
      report: reportFile(suite, 'json'),
    }),
    bare: 'jest',
  },
  {
    name: 'mocha',
    runs: new RegExp(`${start}mocha(?=\\s|$)`),
    told: (suite) => ({
      options: `--reporter xunit --reporter-option output=${reportFile(suite, 'xml')}`,
      report: reportFile(suite, 'xml'),
    }),
    bare: 'mocha',
  },
  {
    name: 'node:test',
    runs: new RegExp(`${start}(?:node|tsx)\\s(?:[^&|;]{0,200}\\s)?--test(?=\\s|$)`),
    // Behind a file's name node passes options on to the file, so they come from the environment.
    told: () => ({ before: 'NODE_OPTIONS=--test-reporter=tap' }),
    bare: 'node --test',
  },
];

/** Options by which a script already chooses how it reports, or never ends. */
const chosen = /--reporter|--output-?file|--json|--watch|--ui\b|NODE_OPTIONS/i;

/** The runner whose options can be added at the end of a script; undefined where it does more, or chose its own. */
export function runnerOf(script: string): NodeRunner | undefined {
  if (chosen.test(script) || /[|;\n`$()<>]|&(?!&)/.test(script.replaceAll('&&', ''))) return undefined;
  const last = script.split('&&').at(-1)?.trim() ?? '';
  return nodeRunners.find(({ runs }) => runs.test(last));
}

/** The file that a script tells its runner to write. */
export function toldFile(script: string): string | undefined {
  return /--output-?file(?:\.\w+)?[= ]([\w./-]{1,200})/i.exec(script)?.[1];
}
