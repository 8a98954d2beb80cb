import type { Act, History } from './history.ts';
import { firstTree, perform, plain, type Entry, type Tree } from './tree.ts';

/** A stream for `git fast-import` that makes `refs/heads/<name>/main` and `refs/heads/<name>/dev`. */
export function writeHistory(history: History, name: string): Buffer {
  const stream = new Stream(name);
  const first = firstTree(history.files);
  const root = stream.commit('main', 'chore: start', first, []);
  let trunk = { mark: root, tree: first };
  const past = [trunk];
  const changes: { before: Tree; after: Tree; act: Act }[] = [];
  const picked: { before: Tree; after: Tree; title: string }[] = [];
  for (const [i, { acts, sides, back, byHand, pullRequest, picked: toBase }] of history.units.entries()) {
    const before = trunk.tree;
    const mark = `u${i}`;
    const after = acts.reduce((tree, act, n) => perform(tree, act, `${mark}.${n}`, changes), before);
    const suffix = pullRequest === undefined ? '' : ` (#${pullRequest})`;
    const title = titleOf(acts[0], i);
    if (sides === 0) trunk = { mark: stream.commit('dev', title + suffix, after, [trunk.mark]), tree: after };
    else {
      const from = past[Math.max(0, past.length - 1 - back)] ?? trunk;
      const parents = [trunk.mark];
      for (let side = 0; side < sides; side += 1) {
        const tree = acts.reduce((at, act, n) => perform(at, act, `${mark}.${n}`, changes), from.tree);
        parents.push(
          stream.commit(`side-${i}-${side}`, `wip ${i} ${side}`, withNote(tree, `${mark}${side}`), [
            from.mark,
          ]),
        );
      }
      const merged = byHand ? withNote(after, mark) : after;
      const words =
        pullRequest === undefined
          ? `Merge branch 'topic-${i}'`
          : `Merge pull request #${pullRequest} from team/topic-${i}\n\n${title}`;
      trunk = { mark: stream.commit('dev', words, merged, parents), tree: merged };
    }
    changes.push({ before, after: trunk.tree, act: acts[0] ?? { kind: 'empty' } });
    if (toBase && sides === 0) picked.push({ before, after: trunk.tree, title });
    past.push(trunk);
  }
  let base = { mark: root, tree: first };
  for (const { before, after, title } of picked) {
    const tree = carry(base.tree, before, after);
    if (tree) base = { mark: stream.commit('main', title, tree, [base.mark]), tree };
  }
  if (history.hotfix)
    stream.commit('main', 'fix: on production', new Map(base.tree).set('hotfix', plain('now\n')), [
      base.mark,
    ]);
  return stream.end();
}

function titleOf(act: Act | undefined, i: number): string {
  if (act?.kind === 'revert') return `Revert "feat(x): unit ${act.unit}"`;
  if (act?.kind === 'delete') return `fixup! feat(x): unit ${i - 1}`;
  return i % 3 === 0 ? `unit ${i}` : `feat(x): unit ${i}`;
}

const withNote = (tree: Tree, mark: string): Tree => new Map(tree).set('NOTES', plain(`${mark}\n`));

/** The change on another tree; undefined where that has not what the change begins with. */
function carry(tree: Tree, before: Tree, after: Tree): Tree | undefined {
  const next = new Map(tree);
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) continue;
    if (tree.get(path)?.text !== was?.text) return undefined;
    if (is) next.set(path, is);
    else next.delete(path);
  }
  return next;
}

class Stream {
  private readonly parts: string[] = [];
  private last = 0;

  constructor(private readonly name: string) {}

  commit(branch: string, message: string, tree: Tree, parents: readonly number[]): number {
    this.last += 1;
    const [from, ...merges] = parents;
    this.parts.push(
      `commit refs/heads/${this.name}/${branch}\nmark :${this.last}\n`,
      `committer Ada <ada@example.org> ${1767225600 + this.last * 60} +0000\n`,
      data(message),
      from === undefined ? '' : `from :${from}\n`,
      ...merges.map((mark) => `merge :${mark}\n`),
      'deleteall\n',
      ...[...tree].map(([path, entry]) => file(path, entry)),
      '\n',
    );
    return this.last;
  }

  end(): Buffer {
    return Buffer.from(`${this.parts.join('')}done\n`, 'latin1');
  }
}

const data = (text: string) => `data ${text.length}\n${text}\n`;
const quoted = (path: string) =>
  `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;

function file(path: string, { mode, text }: Entry): string {
  if (mode === '160000') return `M ${mode} ${text} ${quoted(path)}\n`;
  return `M ${mode} inline ${quoted(path)}\n${data(text)}`;
}
