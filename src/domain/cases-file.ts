/** Where every test of a suite's report is kept, one JSON a line: beside the suite's log. */
export function casesFileOf(log: string): string {
  return `${log.endsWith('.log') ? log.slice(0, -'.log'.length) : log}.cases.ndjson`;
}
