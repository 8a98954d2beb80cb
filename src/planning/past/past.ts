import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';
import { AuthorPast } from './author-past.ts';

/** What is known of a file before a change to it. */
export interface FilePast {
  lines: number;
  /** Changes to it so far. */
  changes: number;
  /** When the last one landed, in seconds since 1970. */
  changedAt: number;
  /** Who changed it, each by number. */
  authors: Set<number>;
}

/** What is measured of one file of a change. */
export interface TouchedFile {
  path: string;
  oldPath: string;
  status: 'added' | 'modified' | 'deleted' | 'renamed';
  additions: number;
  deletions: number;
}

/** A change as it is measured: who made it, when it landed (seconds since 1970), and whether it says that it fixes something. */
export interface MeasuredChange {
  author: string;
  at: number;
  fix: boolean;
  files: readonly TouchedFile[];
}

/** More people than this who changed one file say no more. */
const mostAuthors = 2000;

const day = 86_400;

/**
 * What a repository's history so far says about files and people, carried forward change by change. `measure` gives the
 * metrics of Kamei et al. (TSE 2013) with the counting of the data they are learned from (Zeng et al., ISSTA 2021), found
 * by what its numbers do from one change of an author to the next: the change itself counts in `ndev`, `nuc`, `exp`, `rexp`
 * and `sexp`; `lt` and `nuc` are sums over the files; experience counts files touched, and in subsystems different ones.
 */
export class Past {
  constructor(
    readonly files = new Map<string, FilePast>(),
    readonly authors = new Map<string, AuthorPast>(),
    /** When the last change landed. */
    public lastAt = 0,
  ) {}

  /** The change's metrics, as of before it. */
  measure({ author, at, fix, files }: MeasuredChange): ChangeMetrics {
    const before = files.flatMap((file) => this.files.get(file.oldPath) ?? []);
    const who = this.authors.get(author);
    const people = new Set<number>();
    for (const { authors } of before) for (const one of authors) people.add(one);
    const isNew = who === undefined || !people.has(who.number);
    const lines = files.map(({ additions, deletions }) => additions + deletions);
    const touched = new Map<string, number>();
    for (const file of files) {
      const known = who === undefined ? undefined : this.files.get(file.oldPath)?.authors.has(who.number);
      const subsystem = subsystemOf(file.path);
      touched.set(subsystem, (touched.get(subsystem) ?? 0) + (known === true ? 0 : 1));
    }
    const sexp = [...touched].reduce(
      (sum, [subsystem, fresh]) => sum + (who?.filesIn.get(subsystem) ?? 0) + fresh,
      0,
    );
    const [exp, rexp] = who?.experience(at) ?? [0, 0];
    return {
      ns: touched.size,
      nd: new Set(files.map(({ path }) => folderOf(path))).size,
      nf: files.length,
      entropy: entropyOf(lines),
      la: total(files.map(({ additions }) => additions)),
      ld: total(files.map(({ deletions }) => deletions)),
      lt: total(before.map((file) => file.lines)),
      fix,
      ndev: people.size + (isNew ? 1 : 0),
      age:
        before.length === 0
          ? 0
          : total(before.map(({ changedAt }) => Math.max(0, at - changedAt))) / day / before.length,
      nuc: total(before.map(({ changes }) => changes)) + files.length,
      exp: exp + files.length,
      rexp: rexp + files.length,
      sexp,
    };
  }

  /** Takes the change in: what comes after it is measured against it. */
  take({ author, at, files }: MeasuredChange): void {
    this.lastAt = Math.max(this.lastAt, at);
    if (files.length === 0) return;
    const who = this.authorOf(author);
    who.touch(at, files.length);
    for (const { path, oldPath, status, additions, deletions } of files) {
      const known = this.files.get(oldPath);
      if (oldPath !== path || status === 'deleted') this.files.delete(oldPath);
      if (known?.authors.has(who.number) !== true) who.knows(subsystemOf(path));
      if (status === 'deleted') continue;
      const authors = known?.authors ?? new Set();
      if (authors.size < mostAuthors) authors.add(who.number);
      this.files.set(path, {
        lines: Math.max(0, (known?.lines ?? 0) + additions - deletions),
        changes: (known?.changes ?? 0) + 1,
        changedAt: at,
        authors,
      });
    }
  }

  private authorOf(name: string): AuthorPast {
    const known = this.authors.get(name);
    if (known) return known;
    const fresh = new AuthorPast(this.authors.size);
    this.authors.set(name, fresh);
    return fresh;
  }
}

/** The top-level folder a path is in; the repository's own for what lies beside them. */
function subsystemOf(path: string): string {
  const end = path.indexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** Shannon's entropy of the lines over the files, in bits. */
function entropyOf(lines: readonly number[]): number {
  const all = total(lines);
  if (all === 0) return 0;
  return lines.reduce((sum, count) => (count === 0 ? sum : sum - (count / all) * Math.log2(count / all)), 0);
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
