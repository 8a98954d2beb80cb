/** One change to one file. `find` and `put` are whole lines; `find` stands exactly once in the file. */
export type Edit =
  | { kind: 'write'; path: string; text: string }
  | { kind: 'delete'; path: string }
  | { kind: 'replace'; path: string; find: string; put: string };

/** A revision's files: path to text. */
export type Files = ReadonlyMap<string, string>;

function replaceOnce(text: string, edit: { path: string; find: string; put: string }): string {
  const lines = `\n${text}`;
  const at = lines.indexOf(`\n${edit.find}`);
  if (at < 0) throw new Error(`${edit.path} does not hold these lines:\n${edit.find}`);
  if (lines.indexOf(`\n${edit.find}`, at + 1) >= 0) {
    throw new Error(`${edit.path} holds these lines more than once:\n${edit.find}`);
  }
  return text.slice(0, at) + edit.put + text.slice(at + edit.find.length);
}

/** `files` after the edits, in order; throws naming the file where one does not fit. */
export function applyEdits(files: Files, edits: readonly Edit[]): Map<string, string> {
  const next = new Map(files);
  for (const edit of edits) {
    const text = next.get(edit.path);
    if (edit.kind === 'write') {
      next.set(edit.path, edit.text);
      continue;
    }
    if (text === undefined) throw new Error(`${edit.path} does not exist`);
    if (edit.kind === 'delete') next.delete(edit.path);
    else next.set(edit.path, replaceOnce(text, edit));
  }
  return next;
}
