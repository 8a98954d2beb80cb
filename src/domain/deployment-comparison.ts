import type { Deployment } from './deployment.ts';
import type { SuiteResult } from './event.ts';
import type { HistoryRow } from './memory.ts';

type Named = HistoryRow['features'][number];

/** What two past deployments have in common, and what only one of them has. */
export interface Comparison {
  features: { onlyA: Named[]; onlyB: Named[]; both: Named[] };
  /** Undefined where a record cannot be read. */
  files: { onlyA: string[]; onlyB: string[]; both: number } | undefined;
  /** The suites of either, by name; those that ended alike in both are only counted. */
  suites: { differ: { suite: string; a?: SuiteResult; b?: SuiteResult }[]; alike: number } | undefined;
}

interface Side {
  row: HistoryRow;
  deployment: Deployment | undefined;
}

/** Two past deployments against each other; a feature is the same by its id. */
export function comparisonOf(a: Side, b: Side): Comparison {
  const [inA, inB] = [a, b].map(({ row }) => new Set(row.features.map(({ id }) => id)));
  return {
    features: {
      onlyA: a.row.features.filter(({ id }) => !inB?.has(id)),
      onlyB: b.row.features.filter(({ id }) => !inA?.has(id)),
      both: b.row.features.filter(({ id }) => inA?.has(id)),
    },
    files: a.deployment && b.deployment && filesOf(a.deployment, b.deployment),
    suites: a.deployment && b.deployment && suitesOf(a.deployment, b.deployment),
  };
}

const pathsOf = ({ source }: Deployment) => new Set(source.features.flatMap(({ paths }) => paths));

function filesOf(a: Deployment, b: Deployment): Comparison['files'] {
  const [inA, inB] = [pathsOf(a), pathsOf(b)];
  return {
    onlyA: [...inA].filter((path) => !inB.has(path)).sort(),
    onlyB: [...inB].filter((path) => !inA.has(path)).sort(),
    both: [...inA].filter((path) => inB.has(path)).length,
  };
}

function suitesOf(a: Deployment, b: Deployment): Comparison['suites'] {
  const last = ({ suites }: Deployment) => new Map(suites.map((result) => [result.suite, result]));
  const [inA, inB] = [last(a), last(b)];
  const all = [...new Set([...inA.keys(), ...inB.keys()])].map((suite) => {
    const [of, to] = [inA.get(suite), inB.get(suite)];
    return { suite, ...(of ? { a: of } : {}), ...(to ? { b: to } : {}) };
  });
  const differ = all.filter((one) => one.a?.status !== one.b?.status);
  return { differ, alike: all.length - differ.length };
}
