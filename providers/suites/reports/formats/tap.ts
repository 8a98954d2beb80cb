import { lineReader } from '../lines.ts';
import type { ReportFormat, ReportedTest } from '../report-format.ts';
import { diagnosticsOf } from '../tap-diagnostics.ts';

/** Subtests deeper than this, in spaces of indentation, are no TAP. */
const deepest = 256;
/** Characters kept of a test's diagnostics. */
const longestDiagnostics = 16 * 1024;
/** Lines kept of what mocha, which writes no diagnostics, prints below a failure. */
const longestBelow = 30;

const point = /^(not )?ok\b(?:[ \t]+(\d{1,9})(?=[ \t]|$))?(.*)$/;
const plan = /^(\d{1,9})\.\.(\d{1,9})[ \t]*(#.*)?$/;
const directive = /(?:^|[^\\])#[ \t]*(skip|todo)\b(.*)$/i;

interface Level {
  indent: number;
  points: number;
  failed: number;
}

interface Pending {
  indent: number;
  test: ReportedTest;
  failed: boolean;
  /** Whether tests below it were given already: then it is their suite, and a test only where it failed by itself. */
  suite: boolean;
  childFailed: boolean;
  diagnostics: string;
  /** What a runner without diagnostics prints below a failure. */
  below: string[];
}

const unescaped = (text: string) => text.replaceAll(/\\([#\\])/g, '$1');

/**
 * TAP 13 and 14, with subtests, as node:test, node-tap and mocha write it, among whatever else is printed. An own reader:
 * the library (tap-parser) keeps every result and whole diagnostics in memory.
 */
export const tap: ReportFormat = {
  name: 'tap',
  recognises: (head) => /^(?:[^\n]{0,500}\n){0,5}?(?:TAP version 1[34]\b|1\.\.\d|(?:not )?ok \d)/.test(head),
  printedBy: (line) => /^TAP version 1[34]\s*$/.test(line) || /^1\.\.\d{1,9}\s*$/.test(line),
  reader(found) {
    const levels: Level[] = [];
    const names = new Map<number, string>();
    let pending: Pending | undefined;
    /** The indentation of the diagnostics that are being read. */
    let inside: number | undefined;
    let planned: number | undefined;
    let seen = 0;
    let bailed: string | undefined;

    function give() {
      const of = pending;
      pending = undefined;
      inside = undefined;
      if (!of) return;
      const said = diagnosticsOf(of.diagnostics, of.below.join('\n'));
      if (of.suite && (!of.failed || of.childFailed)) return;
      if (said.type === 'suite' && !of.failed) return;
      const { trace, place, durationMs } = said;
      found({
        ...of.test,
        durationMs,
        ...(of.failed ? { message: said.message ?? of.test.message, trace, place } : {}),
      });
    }

    function begin(indent: number, match: RegExpExecArray) {
      give();
      let below: Level | undefined;
      while ((levels.at(-1)?.indent ?? -1) > indent) {
        const left = levels.pop();
        if (left)
          below = {
            indent: left.indent,
            points: left.points + (below?.points ?? 0),
            failed: left.failed + (below?.failed ?? 0),
          };
      }
      for (const at of names.keys()) if (at > indent) names.delete(at);
      let level = levels.at(-1);
      if (level?.indent !== indent) levels.push((level = { indent, points: 0, failed: 0 }));
      const rest = (match[3] ?? '').trim().replace(/^- ?/, '');
      const said = directive.exec(rest);
      const bare = said ? rest.slice(0, said.index + (rest[said.index] === '#' ? 0 : 1)) : rest;
      const name = unescaped(bare.trim().replace(/[ \t]*\{$/, ''));
      const failed = match[1] !== undefined && !said;
      level.points += 1;
      if (failed) level.failed += 1;
      if (indent === 0) seen += 1;
      const own = names.get(indent);
      names.delete(indent);
      const group = [...names].filter(([at]) => at < indent).map(([, of]) => of);
      pending = {
        indent,
        failed,
        suite: (below?.points ?? 0) > 0,
        childFailed: (below?.failed ?? 0) > 0,
        diagnostics: '',
        below: [],
        test: {
          group: group.length > 0 ? group.join(' > ') : undefined,
          name: name === '' ? (own ?? `test ${match[2] ?? level.points}`) : name,
          status: said ? 'skipped' : failed ? 'failed' : 'passed',
          ...(said?.[2]?.trim() ? { message: unescaped(said[2].trim()) } : {}),
        },
      };
    }

    /** Whether the line belongs to the diagnostics of the test before it. */
    function isBelow(indent: number, line: string): boolean {
      if (!pending) return false;
      const text = line.trim();
      if (inside !== undefined) {
        if (indent < inside && text !== '') return ((inside = undefined), false);
        if (indent === inside && text === '...') inside = undefined;
        else if (pending.diagnostics.length < longestDiagnostics)
          pending.diagnostics += `${line.slice(inside)}\n`;
        return true;
      }
      if (text === '---' && indent > pending.indent) {
        inside = indent;
        return true;
      }
      return false;
    }

    const lines = lineReader((line) => {
      const text = line.trimStart();
      const indent = line.length - text.length;
      if (isBelow(indent, line)) return;
      if (indent > deepest || text === '') return;
      const match = point.exec(text);
      if (match && (match[3] === '' || /^[ \t]/.test(match[3] ?? ''))) return begin(indent, match);
      const subtest = /^# Subtest(?:: (.*))?$/.exec(text);
      if (subtest) {
        give();
        for (const at of names.keys()) if (at >= indent) names.delete(at);
        names.set(indent, unescaped(subtest[1] ?? ''));
        return;
      }
      const counts = plan.exec(text);
      if (counts) {
        if (indent === 0) planned = (planned ?? 0) + Math.max(0, Number(counts[2]) - Number(counts[1]) + 1);
        return;
      }
      const out = /^Bail out!\s*(.*)$/.exec(text);
      if (out) {
        bailed ??= out[1] === '' ? 'without a reason' : out[1];
        return;
      }
      if (pending?.failed && indent > pending.indent && pending.below.length < longestBelow)
        pending.below.push(text.slice(0, 2000));
    });
    return {
      write: lines.write,
      end() {
        lines.end();
        give();
        if (bailed !== undefined) return { problem: `the run bailed out: ${bailed}`, failed: true };
        if (planned === undefined) return { problem: 'it breaks off: it has no plan (`1..N`)' };
        if (planned !== seen)
          return { problem: `its plan says ${planned} tests, and it has ${seen}`, failed: true };
        return {};
      },
    };
  },
};
