import type { Commit } from './history.ts';
import { people } from './people.ts';

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** A commit in the language of `git fast-import`; `message` has its references filled in. */
export function toFastImport(commit: Commit, branch: string, message: string): string {
  const { name, email } = people[commit.author];
  const who = `${name} <${email}> ${commit.at} +0000`;
  const [first, ...others] = commit.parents;
  const lines = [
    `commit refs/heads/${branch}\n`,
    `mark :${commit.mark}\n`,
    `author ${who}\n`,
    `committer ${who}\n`,
    data(message),
    first === undefined ? '' : `from :${first}\n`,
    ...others.map((parent) => `merge :${parent}\n`),
  ];
  for (const [path, text] of commit.changed) {
    lines.push(text === undefined ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`);
  }
  return `${lines.join('')}\n`;
}

/** Points a branch or tag at a mark. */
export function toReset(ref: string, mark: number): string {
  return `reset ${ref}\nfrom :${mark}\n\n`;
}
