import { isTest } from '../detectors/tests.ts';
import type { FileDiff } from '../diff.ts';
import { LineMap } from '../line-map.ts';

/** The change that nobody knows: what was there before anything was seen. */
const nobody = -1;

/** A file with more stretches of one owner than this is given up: it is no code that people write. */
const mostStretches = 20_000;

/**
 * Which change last wrote each line of code, carried forward diff by diff: what `git blame --first-parent` would say of the
 * lines a fix replaces, without a process for any of them.
 */
export class LineOwners {
  constructor(readonly files = new Map<string, LineMap>()) {}

  /** Gives up whatever was written before the change of this number: nobody asks who wrote it any more. */
  forget(before: number): void {
    for (const [path, lines] of this.files)
      this.files.set(
        path,
        lines.renamed((owner) => (owner < before ? nobody : owner)),
      );
  }

  /** The changes that wrote the lines of code which this diff removes, with how many of each. */
  blame({ oldPath, path, removed }: Pick<FileDiff, 'oldPath' | 'path' | 'removed'>): Map<number, number> {
    const found = new Map<number, number>();
    const lines = this.files.get(oldPath);
    if (!lines || !isCode(path)) return found;
    for (const { line, text } of removed) {
      if (saysNothing(text, path)) continue;
      const owner = lines.ownerOf(line) ?? nobody;
      if (owner !== nobody) found.set(owner, (found.get(owner) ?? 0) + 1);
    }
    return found;
  }

  /** The diff's new lines are `change`'s from now on. */
  take(change: number, file: FileDiff): void {
    const { path, oldPath, status, hunks, binary } = file;
    const before = this.files.get(oldPath) ?? LineMap.of(nobody);
    if (oldPath !== path || status === 'deleted') this.files.delete(oldPath);
    if (status === 'deleted') return;
    if (!isCode(path)) return;
    if (binary) {
      this.files.set(path, LineMap.of(nobody));
      return;
    }
    const after =
      status === 'added'
        ? LineMap.of(change, hunks[0]?.newCount ?? 0, nobody)
        : before.after(hunks, change, nobody);
    this.files.set(path, after.size > mostStretches ? LineMap.of(nobody) : after);
  }
}

const prose =
  /\.(?:md|mdx|markdown|rst|adoc|txt|tex|svg|snap|po|pot|csv|tsv|log|lock|map|ipynb|[1-9])$|(?:^|\/)(?:docs?|licen[cs]e|authors|readme|examples?|samples?|fixtures?|testdata|bench(?:marks?)?)(?:\/|$)/iu;
const config =
  /(?:^|\/)\.[^/]+(?:\/|$)|(?:^|\/)(?:package|tsconfig|composer)\.json$|\.(?:json|ya?ml|toml|ini|cfg|lock|xml|properties)$/iu;

/** Answers by path: the same files come again and again. Begun anew when it has grown this long. */
const answers = new Map<string, boolean>();
const mostAnswers = 50_000;

/** Whether what a path holds runs in production: no prose, no tests, no settings of tools. */
export function isCode(path: string): boolean {
  const known = answers.get(path);
  if (known !== undefined) return known;
  const code = !prose.test(path) && !config.test(path) && !isTest(path);
  if (answers.size >= mostAnswers) answers.clear();
  answers.set(path, code);
  return code;
}

/** In these languages a hash begins no comment. */
const hashes = /\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm|cs|css|scss|sass|less)$/iu;

/** Lines that do nothing: blanks, comments, lone brackets, and what brings other modules in (AG-SZZ, Kim et al., ASE 2006). */
function saysNothing(text: string, path: string): boolean {
  const line = text.slice(0, 200).trim();
  if (line.length < 3 || /^[\s{}()[\];,]*$/u.test(line)) return true;
  if (/^(?:\/\/|\/\*|\*(?:[\s/*]|$)|<!--|--\s|""")/u.test(line)) return true;
  if (line.startsWith('#') && !(hashes.test(path) && !line.startsWith('#include'))) return true;
  return /^(?:import\b|from\s\S+\simport\b|using\s[\w.]+;|(?:const|var|let)\s[^=]{1,100}=\s*require\()/u.test(
    line,
  );
}
