import type { ShippedFeature } from '../../domain/event.ts';
import type { Git } from '../../ports/git.ts';
import { readBaseLog } from '../base-log.ts';

/** Who changed what between stable and the candidate, as far as a line can be traced. */
export interface ChangedLines {
  /** The features whose commits wrote this line of the candidate; undefined where the deployment left it as it was. */
  ownersOf(path: string, line: number): Promise<readonly string[] | undefined>;
}

const header = /^([0-9a-f]{40,64}) \d{1,9} (\d{1,9})(?: \d{1,9})?$/u;

/** Reads with `git blame`, each file once, no further back than stable. */
export async function changedLines(
  git: Git,
  {
    candidate,
    stable,
    features,
    signal,
  }: {
    candidate: string;
    stable: string | undefined;
    features: readonly ShippedFeature[];
    signal: AbortSignal;
  },
): Promise<ChangedLines> {
  const shippedBy = new Map<string, string[]>();
  for (const { id, commits } of features)
    for (const sha of commits) shippedBy.set(sha, [...(shippedBy.get(sha) ?? []), id]);
  const owners = new Map<string, readonly string[]>();
  for (const { sha, origins } of await readBaseLog(git, candidate, stable, signal))
    owners.set(sha, [...new Set([sha, ...origins].flatMap((one) => shippedBy.get(one) ?? []))]);

  const blamed = new Map<string, Promise<Map<number, string>>>();
  const blame = async (path: string): Promise<Map<number, string>> => {
    const range = stable === undefined ? candidate : `${stable}..${candidate}`;
    const text = await git.text(['blame', '--porcelain', range, '--', path], { signal });
    const lines = new Map<number, string>();
    for (const line of text.split('\n')) {
      const found = line.startsWith('\t') ? null : header.exec(line);
      if (found?.[1] !== undefined) lines.set(Number(found[2]), found[1]);
    }
    return lines;
  };
  return {
    async ownersOf(path, line) {
      let lines = blamed.get(path);
      if (!lines) {
        lines = blame(path);
        blamed.set(path, lines);
      }
      const sha = (await lines).get(line);
      return sha === undefined ? undefined : owners.get(sha);
    },
  };
}
