import type { Change, PlannedCommit } from './change-file.ts';
import { applyEdits, type Files } from './edit.ts';
import type { Person } from './people.ts';

/** A commit to be written: its parents by mark, and the files that differ from the first parent (undefined = gone). */
export interface Commit {
  mark: number;
  parents: number[];
  author: Person;
  /** Seconds since 1970, UTC. */
  at: number;
  message: string;
  changed: Map<string, string | undefined>;
}

/** The whole repository, oldest commit first, and where its branches point. */
export interface History {
  commits: Commit[];
  main: number;
  dev: number;
  /** The mark of the commit that each change became on `dev`. */
  steps: Map<string, number>;
}

const hour = 3600;
const start = Date.UTC(2026, 7, 3, 7) / 1000;

/** How version 1 came to be: who wrote which of its files. */
const beginnings: { author: Person; message: string; owns: RegExp }[] = [
  {
    author: 'ana',
    message: 'chore: an HTTP server that answers',
    owns: /^(package\.json|\.gitignore|README\.md|src\/(server|app|http|router|routes)\.js|src\/routes\/system\.js|src\/html\.js)$/,
  },
  {
    author: 'ben',
    message: 'feat(store): one JSON file for any number of servers',
    owns: /^(src\/store\/|migrations\/001|migrate\.js|test\/(shop|store\.test)\.js)/,
  },
  {
    author: 'chiara',
    message: 'feat(products): what is for sale',
    owns: /^(migrations\/002|src\/catalogue\.js|src\/routes\/products\.js|test\/products)/,
  },
  {
    author: 'dmitri',
    message: 'feat(cart): carts and orders',
    owns: /^(src\/(cart|pricing|orders)\.js|src\/routes\/(cart|basket|orders)\.js|test\/(cart|orders))/,
  },
  { author: 'emma', message: 'feat(pages): a front page', owns: /^(public\/|src\/routes\/|test\/pages)/ },
  { author: 'farid', message: 'test: buy something from the real server', owns: /^(smoke\/|\.github\/)/ },
  { author: 'ana', message: 'docs: describe the API', owns: /^(docs\/|openapi\.yaml|CHANGELOG\.md)/ },
  { author: 'ben', message: 'build: deploy with orchestra', owns: /./ },
];

function difference(before: Files, after: Files): Map<string, string | undefined> {
  const changed = new Map<string, string | undefined>();
  for (const [path, text] of after) if (before.get(path) !== text) changed.set(path, text);
  for (const path of before.keys()) if (!after.has(path)) changed.set(path, undefined);
  return changed;
}

function messageOf(commit: PlannedCommit, pull: number | undefined): string {
  const subject = pull === undefined ? commit.subject : `${commit.subject} (#${pull})`;
  return commit.body ? `${subject}\n\n${commit.body}\n` : `${subject}\n`;
}

/**
 * Lays out the sample's history: version 1 on `main`, then one step a change on `dev`. A pull request's commits start
 * from an earlier step; since its edits name their lines, applying them again on `dev` gives what merging gives.
 */
export function planHistory(v1: Files, changes: readonly Change[]): History {
  const commits: Commit[] = [];
  const add = (commit: Omit<Commit, 'mark'>): number => {
    commits.push({ ...commit, mark: commits.length + 1 });
    return commits.length;
  };

  let files = new Map<string, string>();
  let at = start;
  for (const { author, message, owns } of beginnings) {
    const mine = new Map([...v1].filter(([path]) => !files.has(path) && owns.test(path)));
    files = new Map([...files, ...mine]);
    const parents = commits.length === 0 ? [] : [commits.length];
    add({ parents, author, at, message: `${message}\n`, changed: mine });
    at += 26 * hour;
  }
  const main = commits.length;

  const line = [{ mark: main, files, at }];
  const steps = new Map<string, number>();
  for (const change of changes) {
    const tip = line.at(-1);
    const from = change.merge ? (line.at(-1 - change.merge.fork) ?? line[0]) : tip;
    if (!tip || !from) throw new Error('a history has at least one commit');
    const merge = change.merge;
    const when = tip.at + 17 * hour;

    let branch = { mark: from.mark, files: from.files };
    for (const [i, commit] of change.commits.entries()) {
      const next = applyEdits(branch.files, commit.edits);
      const mark = add({
        parents: [branch.mark],
        author: commit.author,
        at: merge ? when - (change.commits.length - i) * 2 * hour : when,
        message: messageOf(commit, merge ? undefined : change.pull),
        changed: difference(branch.files, next),
      });
      branch = { mark, files: next };
    }

    let step = branch;
    if (merge) {
      const merged = change.commits.reduce<Files>((now, { edits }) => applyEdits(now, edits), tip.files);
      const mark = add({
        parents: [tip.mark, branch.mark],
        author: merge.by,
        at: when,
        message: `Merge pull request #${change.pull} from ${merge.branch}\n\n${merge.title}\n`,
        changed: difference(tip.files, merged),
      });
      step = { mark, files: new Map(merged) };
    }
    steps.set(change.name, step.mark);
    line.push({ ...step, at: when });
  }
  return { commits, main, dev: line.at(-1)?.mark ?? main, steps };
}
