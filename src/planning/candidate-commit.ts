import { originTrailer } from './base-log.ts';

/** The parts of a commit object that a candidate's commit keeps, as bytes. */
interface CommitParts {
  /** `author`, `committer` and `encoding` lines, verbatim. */
  kept: Buffer[];
  message: Buffer;
}

function parseCommit(raw: Buffer): CommitParts {
  const end = raw.indexOf('\n\n');
  const header = end < 0 ? raw : raw.subarray(0, end);
  const kept: Buffer[] = [];
  for (let at = 0; at < header.length;) {
    const next = header.indexOf('\n', at);
    const line = header.subarray(at, next < 0 ? header.length : next);
    if (/^(?:author|committer|encoding) /u.test(line.toString('latin1', 0, 10))) kept.push(line);
    at = next < 0 ? header.length : next + 1;
  }
  return { kept, message: end < 0 ? Buffer.alloc(0) : raw.subarray(end + 2) };
}

/** The header line that starts with `name`, without it, as latin1; empty when there is none. */
function headerOf({ kept }: CommitParts, name: 'author' | 'encoding'): string {
  const line = kept.find((one) => one.toString('latin1', 0, name.length + 1) === `${name} `);
  return line?.toString('latin1', name.length + 1) ?? '';
}

/** Whether git takes a message's last paragraph for trailers; its subject never is. */
function endsInTrailers(message: string): boolean {
  const body = message.replace(/\n$/u, '');
  const from = body.lastIndexOf('\n\n');
  const lines = from < 0 ? [] : body.slice(from + 2).split('\n');
  return (
    /^[A-Za-z0-9-]+: /u.test(lines[0] ?? '') &&
    lines.every((line) => /^(?:[A-Za-z0-9-]+: |[ \t]+\S)/u.test(line))
  );
}

/** An origin trailer that a message brings along speaks of another branch: said again here, it would hide waiting commits. */
const foreignOrigin = new RegExp(`^(?=${originTrailer}[ \\t]*:)`, 'gimu');

/**
 * The bytes of a commit object like `raw`, on another tree and other parents: author, committer, dates, encoding and
 * message stay byte for byte, the signature (of another object) goes. Trailers name each waiting commit it stands for,
 * and the authors of those folded into it (`folded`: their commit objects) beside its own.
 */
export function rewriteCommit(
  raw: Buffer,
  place: { tree: string; parents: readonly string[] },
  origins: readonly string[],
  folded: readonly Buffer[] = [],
): Buffer {
  const parts = parseCommit(raw);
  const text = parts.message.toString('latin1').replace(foreignOrigin, 'Earlier-');
  const trailers = [
    ...coAuthors(parts, folded).map((who) => `Co-authored-by: ${who}\n`),
    ...origins.map((sha) => `${originTrailer}: ${sha}\n`),
  ].join('');
  const gap = text === '' ? '' : (text.endsWith('\n') ? '' : '\n') + (endsInTrailers(text) ? '' : '\n');
  return Buffer.concat([
    Buffer.from(`tree ${place.tree}\n${place.parents.map((parent) => `parent ${parent}\n`).join('')}`),
    ...parts.kept.flatMap((line) => [line, Buffer.from('\n')]),
    Buffer.from('\n'),
    Buffer.from(text + gap + trailers, 'latin1'),
  ]);
}

/** `Name <mail>` of the folded commits' authors, in the encoding of the commit that names them. */
function coAuthors(own: CommitParts, folded: readonly Buffer[]): string[] {
  const nameOf = (parts: CommitParts) => headerOf(parts, 'author').replace(/ \S+ \S+$/u, '');
  const names = folded
    .map(parseCommit)
    .filter((parts) => headerOf(parts, 'encoding') === headerOf(own, 'encoding'))
    .map(nameOf);
  return [...new Set(names)].filter((name) => name !== '' && name !== nameOf(own));
}
