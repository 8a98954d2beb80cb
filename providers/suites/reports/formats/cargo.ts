import { lineReader } from '../lines.ts';
import type { ReportFormat, ReportedTest } from '../report-format.ts';

/** Failed tests whose words are still waited for; libtest prints them below all tests of a program. */
const mostFailed = 10_000;
/** Characters kept of what one test printed. */
const longestOutput = 8 * 1024;

const started = /^running \d{1,9} tests?$/;
const tested = /^test (.{1,2000}) \.\.\. (ok|FAILED|ignored)(?:, (.*))?(?: <\d[^>]{0,40}>)?$/;
const result = /^test result: (ok|FAILED)\. (\d{1,9}) passed; (\d{1,9}) failed; (\d{1,9}) ignored;/;
const program = /^ {1,20}(?:Running (?:unittests )?(\S{1,500}) \(\S+\)|Doc-tests (\S{1,500}))$/;
const section = /^---- (.{1,2000}) stdout ----$/;

/** What `cargo test` prints: stable Rust has no other report of its tests. */
export const cargo: ReportFormat = {
  name: 'cargo',
  recognises: (head) => head.split('\n', 50).some((line) => started.test(line.trimEnd())),
  printedBy: (line) => started.test(line) || program.test(line),
  reader(found) {
    let group: string | undefined;
    let seen = 0;
    let running = false;
    let failed = new Map<string, { test: ReportedTest; said: string }>();
    let telling: { said: string } | undefined;
    let problem: string | undefined;

    function give() {
      for (const { test, said } of failed.values()) {
        const message = said.replace(/^\s*thread '[^\n]*\n/, '').replace(/\nnote: run with [^\n]*/, '');
        found({ ...test, ...(said === '' ? {} : { message: message.trim() || said, trace: said }) });
      }
      failed = new Map();
      telling = undefined;
    }

    const lines = lineReader((line) => {
      const match = running ? tested.exec(line) : undefined;
      if (match?.[1] !== undefined) {
        seen += 1;
        const test: ReportedTest = {
          group,
          name: match[1],
          status: match[2] === 'ok' ? 'passed' : match[2] === 'FAILED' ? 'failed' : 'skipped',
          message: match[3],
        };
        if (test.status === 'failed' && failed.size < mostFailed) failed.set(test.name, { test, said: '' });
        else found(test);
        return;
      }
      if (started.test(line)) {
        give();
        running = true;
        seen = 0;
        return;
      }
      const ended = result.exec(line);
      if (ended && running) {
        give();
        running = false;
        const counted = Number(ended[2]) + Number(ended[3]) + Number(ended[4]);
        if (counted !== seen) problem ??= `${group ?? 'it'} counts ${counted} tests and names ${seen}`;
        return;
      }
      const next = program.exec(line);
      if (next && !running) {
        group = next[1] ?? next[2];
        return;
      }
      const titled = section.exec(line)?.[1];
      if (titled !== undefined) telling = failed.get(titled);
      else if (line === 'failures:') telling = undefined;
      else if (telling && telling.said.length < longestOutput) telling.said += `${line.slice(0, 2000)}\n`;
    });
    return {
      write: lines.write,
      end() {
        lines.end();
        give();
        return { problem: running ? 'it breaks off in the middle of its tests' : problem };
      },
    };
  },
};
