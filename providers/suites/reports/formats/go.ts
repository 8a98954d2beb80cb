import { z } from 'zod';
import { lineReader } from '../lines.ts';
import type { ReportFormat, ReportedTest } from '../report-format.ts';

/** Tests that have begun and not ended; more at once than this is no go test. */
const mostOpen = 20_000;
/** Characters kept of what one test printed: its end, where the failure stands. */
const longestOutput = 8 * 1024;

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().optional().catch(undefined),
  ImportPath: z.string().optional().catch(undefined),
  Test: z.string().optional().catch(undefined),
  Elapsed: z.number().optional().catch(undefined),
  Output: z.string().optional().catch(undefined),
});
type GoEvent = z.infer<typeof eventSchema>;

function eventIn(line: string): GoEvent | undefined {
  if (!line.startsWith('{') || !line.includes('"Action"')) return undefined;
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

interface Open {
  output: string;
  /** Whether it ran tests of its own, and whether one of those failed. */
  parent: boolean;
  failedBelow: boolean;
}

/** Lines of `go test` that name a test or a package rather than what went wrong. */
const frame = /^\s*(?:===|---) |^(?:FAIL|ok|PASS|exit status \d+)(?:\s|$)/;
const told = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '' && !frame.test(line))
    .join('\n');

/** `go test -json`: one event a line, among whatever else is printed. */
export const go: ReportFormat = {
  name: 'go',
  recognises: (head) => /^\s*\{"(?:Time|Action|ImportPath|Package)"\s*:[^\n]{0,500}"Action"?/.test(head),
  printedBy: (line) => eventIn(line)?.Package !== undefined || eventIn(line)?.ImportPath !== undefined,
  reader(found) {
    const open = new Map<string, Open>();
    const key = (pkg: string, test = '') => `${pkg}\0${test}`;
    const at = (name: string): Open => {
      let known = open.get(name);
      if (!known) {
        known = { output: '', parent: false, failedBelow: false };
        if (open.size < mostOpen) open.set(name, known);
      }
      return known;
    };
    const failAbove = (pkg: string, test: string) => {
      for (let cut = test.lastIndexOf('/'); cut > 0; cut = test.lastIndexOf('/', cut - 1))
        at(key(pkg, test.slice(0, cut))).failedBelow = true;
      at(key(pkg)).failedBelow = true;
    };

    function ended(event: GoEvent, pkg: string, status: ReportedTest['status']) {
      const name = key(pkg, event.Test);
      const { output, parent, failedBelow } = at(name);
      open.delete(name);
      // A package or a test with subtests is a case of its own only where nothing in it says why it failed.
      const own =
        event.Test === undefined ? status === 'failed' && !failedBelow : !parent || status === 'failed';
      if (event.Test !== undefined && status === 'failed') failAbove(pkg, event.Test);
      if (!own || (parent && failedBelow)) return;
      const said = told(output);
      found({
        group: event.Test === undefined ? undefined : pkg,
        name: event.Test ?? pkg,
        status,
        durationMs: event.Elapsed === undefined ? undefined : event.Elapsed * 1000,
        ...(status === 'passed' || said === '' ? {} : { message: said, trace: said }),
      });
    }

    const lines = lineReader((line) => {
      const event = eventIn(line);
      const pkg = event?.Package ?? event?.ImportPath?.replace(/ \[.*$/, '');
      if (!event || pkg === undefined) return;
      switch (event.Action) {
        case 'run': {
          const test = event.Test ?? '';
          at(key(pkg, test));
          const cut = test.lastIndexOf('/');
          if (cut > 0) at(key(pkg, test.slice(0, cut))).parent = true;
          return;
        }
        case 'output':
        case 'build-output': {
          const of = at(key(pkg, event.Test));
          of.output = (of.output + (event.Output ?? '')).slice(-longestOutput);
          return;
        }
        case 'pass':
          return ended(event, pkg, 'passed');
        case 'fail':
          return ended(event, pkg, 'failed');
        case 'skip':
          // A package without tests is skipped too; it is no test.
          return event.Test === undefined ? void open.delete(key(pkg)) : ended(event, pkg, 'skipped');
        default:
      }
    });
    return {
      write: lines.write,
      end() {
        lines.end();
        const left = [...open.keys()].filter((name) => !name.endsWith('\0'));
        if (left.length === 0) return {};
        const first = left[0]?.split('\0').at(-1) ?? '';
        return { problem: `it breaks off: ${left.length} tests began and did not end, ${first} first` };
      },
    };
  },
};
