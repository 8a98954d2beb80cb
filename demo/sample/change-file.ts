import type { Edit } from './edit.ts';
import { isPerson, type Person } from './people.ts';

/** One commit as a change file describes it. */
export interface PlannedCommit {
  author: Person;
  subject: string;
  body: string;
  edits: Edit[];
}

/** One step of the development branch: a direct or squashed commit, or a merged pull request. */
export interface Change {
  name: string;
  pull: number | undefined;
  /** Only for a merged pull request: its branch, title, who merged it, and how many steps back it branched off. */
  merge: { branch: string; title: string; by: Person; fork: number } | undefined;
  commits: PlannedCommit[];
}

interface Section {
  kind: string;
  argument: string;
  lines: string[];
}

function sectionsOf(text: string): { header: Map<string, string>; sections: Section[] } {
  const header = new Map<string, string>();
  const sections: Section[] = [];
  for (const line of text.replace(/\n$/, '').split('\n')) {
    const mark = /^=== (commit|write|edit|delete) (.+)$/.exec(line);
    const last = sections.at(-1);
    if (mark) sections.push({ kind: mark[1] ?? '', argument: mark[2] ?? '', lines: [] });
    else if (last) last.lines.push(line);
    else {
      const [key = '', ...value] = line.split(': ');
      header.set(key, value.join(': '));
    }
  }
  return { header, sections };
}

const joined = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

function replacements(section: Section): Edit[] {
  const edits: Edit[] = [];
  let find: string[] = [];
  let put: string[] | undefined;
  const finish = () => {
    if (put) edits.push({ kind: 'replace', path: section.argument, find: joined(find), put: joined(put) });
    find = [];
    put = undefined;
  };
  for (const line of section.lines) {
    if (line === '--- find') finish();
    else if (line === '--- put') put = [];
    else (put ?? find).push(line);
  }
  finish();
  return edits;
}

function editsOf(section: Section): Edit[] {
  const path = section.argument;
  if (section.kind === 'write') return [{ kind: 'write', path, text: joined(section.lines) }];
  if (section.kind === 'delete') return [{ kind: 'delete', path }];
  return replacements(section);
}

function personOf(word: string, name: string): Person {
  if (isPerson(word)) return word;
  throw new Error(`${name}: there is no author called "${word}"`);
}

/**
 * Reads a change file: `key: value` lines, then `=== commit AUTHOR SUBJECT` with the message's body below it, then
 * `=== write PATH`, `=== delete PATH` or `=== edit PATH` with `--- find` / `--- put` pairs. Throws for an unknown author.
 */
export function parseChange(name: string, text: string): Change {
  const { header, sections } = sectionsOf(text);
  const commits: PlannedCommit[] = [];
  for (const section of sections) {
    const last = commits.at(-1);
    if (section.kind === 'commit') {
      const [author = '', ...subject] = section.argument.split(' ');
      commits.push({
        author: personOf(author, name),
        subject: subject.join(' '),
        body: section.lines.join('\n').trim(),
        edits: [],
      });
    } else if (last) last.edits.push(...editsOf(section));
    else throw new Error(`${name}: "${section.argument}" stands before any commit`);
  }
  const pull = header.get('pull');
  const branch = header.get('branch');
  return {
    name,
    pull: pull === undefined ? undefined : Number(pull),
    merge: branch
      ? {
          branch,
          title: header.get('title') ?? branch,
          by: personOf(header.get('by') ?? '', name),
          fork: Number(header.get('fork') ?? 1),
        }
      : undefined,
    commits,
  };
}
