/** What `reset` puts away, below the memory's folder: what was learned, chosen and done. */
const parts = [
  'config.json',
  'progress.json',
  'progress-status.txt',
  'selection.json',
  'sign-offs.json',
  'patterns',
  'history',
  'index',
  'archive',
  'index',
  'current',
];

/**
 * Whether a name in the memory's folder is part of what is put away, with what lies beside it: `<name>.corrupt-…`, `<name>.backup`.
 * What runs where is about the present and stays; so do the audit trail, exports, and all that is not of the memory.
 */
export function isPart(name: string): boolean {
  return parts.some((part) => name === part || name.startsWith(`${part}.`));
}
