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

/** Whether a message's last paragraph is made of trailers; its subject never is. */
function endsInTrailers(message: string): boolean {
  const paragraphs = message.trimEnd().split(/\n[ \t]*\n/u);
  const last = paragraphs.length > 1 ? (paragraphs.at(-1) ?? '') : '';
  return last !== '' && last.split('\n').every((line) => /^[A-Za-z0-9-]+: |^\s+\S/u.test(line));
}

/**
 * The bytes of a commit object like `raw`, on another tree and parent: author, committer, dates, encoding and message
 * stay byte for byte, the signature (of another object) goes, and a trailer names each waiting commit it stands for.
 */
export function rewriteCommit(
  raw: Buffer,
  place: { tree: string; parent: string },
  origins: readonly string[],
): Buffer {
  const { kept, message } = parseCommit(raw);
  const text = message.toString('latin1').trimEnd();
  const trailers = origins.map((sha) => `${originTrailer}: ${sha}\n`).join('');
  const gap = text === '' ? '' : endsInTrailers(text) ? '\n' : '\n\n';
  return Buffer.concat([
    Buffer.from(`tree ${place.tree}\nparent ${place.parent}\n`),
    ...kept.flatMap((line) => [line, Buffer.from('\n')]),
    Buffer.from('\n'),
    Buffer.from(text + gap, 'latin1'),
    Buffer.from(trailers),
  ]);
}
