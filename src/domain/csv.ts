/**
 * One CSV field, always quoted. A spreadsheet would run what begins like a formula, so such a field gets a `'` in
 * front (OWASP, CSV injection); full-width forms count, and so do spaces before them. `text` is safe text already.
 */
export function csvField(text: string): string {
  const guarded = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text;
  return `"${guarded.replaceAll('"', '""')}"`;
}

/** A CSV file of these rows (RFC 4180), the first of them the head. */
export function csvFile(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map(csvField).join(',')}\r\n`).join('');
}
