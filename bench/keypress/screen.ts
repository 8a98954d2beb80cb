import { startUi } from '../../components/start.ts';
import { FakeOrchestrator, pastDeployments } from '../../test/harness/fake-orchestrator.ts';
import { discoveryOf, feature } from '../../test/harness/features.ts';
import type { Bucket, Feature } from '../../src/domain/feature.ts';

const many = 10_000;
const kinds = ['feat', 'fix', 'docs', 'perf', 'refactor'];
const parts = ['cart', 'auth', 'search', 'mail', 'billing'];
const buckets: Bucket[] = ['must', 'recommended', 'optional', 'not_recommended'];

/** Features as a large repository has them: of all kinds, sizes and chances, some that need others, some with wide titles. */
function waiting(i: number): Feature {
  const kind = kinds[i % 5] ?? '';
  const words = i % 17 === 0 ? '変更をまとめる' : `change number ${i} of what waits, and why it is there`;
  return feature(`pr-${i}`, {
    title: `${kind}(${parts[i % 7] ?? 'core'}): ${words}`,
    type: i % 5 === 1 ? 'fix' : 'feature',
    pullRequest: i,
    additions: (i * 37) % 900,
    deletions: (i * 13) % 300,
    bucket: buckets[i % 4] ?? 'optional',
    files: [{ path: `src/${i % 400}.ts`, status: 'modified', additions: 12, deletions: 3 }],
    dependsOn: i % 6 === 5 ? [{ id: `pr-${i - 1}`, because: [{ kind: 'import', path: 'src/cart.ts' }] }] : [],
    risk: {
      level: 'low',
      probability: 0.4 + (i % 60) / 100,
      interval: [0.3, 0.99],
      n: 23,
      factors: [{ name: 'tests', effect: 0.04, text: 'tests were changed with it' }],
    },
  });
}

// The whole screen over an engine that only answers: what is measured is the terminal's own work.
const engine = new FakeOrchestrator({
  discovery: discoveryOf(Array.from({ length: many }, (_, i) => waiting(i))),
  rows: pastDeployments(many),
});
process.exit(await startUi({ load: async () => engine }));
