import type { Feature } from '../../src/domain/feature.ts';
import { preferencesSchema, type Patterns } from '../../src/domain/memory.ts';
import type { Candidate } from '../../src/planning/assemble.ts';
import { assess } from '../../src/planning/assessment/assess.ts';
import type { Change } from './team.ts';

/** As many as wait: what is measured is what is thought of each, not how many fit. */
const maxFeatures = 20;
const preferences = preferencesSchema.parse({
  schema: 'orchestra/config@2',
  user_preferences: { max_features_per_deployment: maxFeatures },
});

/** Nobody is new here and nobody an old hand: what is learned of them is not what is measured. */
const experience = { commitsOf: new Map<string, number>(), fixesIn: new Map<string, number>() };

/** A change as discovery would hand it to the assessment. */
function candidateOf(change: Change, index: number): Candidate {
  const { id, commits, type, additions, deletions, files, testsTouched, dependencies, config } = change;
  const sources = Array.from({ length: files }, (_, i) => `src/area${i % 3}/${id}-${i}.ts`);
  const paths = testsTouched ? [...sources, `test/${id}.test.ts`] : sources;
  const share = (lines: number, i: number) =>
    Math.floor(lines / paths.length) + (i < lines % paths.length ? 1 : 0);
  const title = `${type}: change ${id}`;
  const message = {
    title,
    subject: title,
    type,
    scope: undefined,
    breaking: false,
    pullRequest: undefined,
    issue: undefined,
    branch: undefined,
    merge: false,
    fixes: undefined,
    reverts: undefined,
    pickedFrom: [],
    urgent: undefined,
  };
  const written = commits.map((sha) => ({
    sha,
    parents: [],
    author: change.author,
    email: `${change.author}@example.org`,
    at: 0,
    message,
    tree: undefined,
    matched: undefined,
  }));
  const [first] = written;
  return {
    feature: {
      id,
      title,
      type,
      commits,
      authors: [change.author],
      files: paths.map((path, i) => ({
        path,
        status: 'modified',
        additions: share(additions, i),
        deletions: share(deletions, i),
      })),
      additions,
      deletions,
      dependsOn: [],
      flags: {
        breaking: false,
        testsTouched,
        ...(dependencies && { dependencies }),
        ...(config && { config }),
      },
    },
    group: {
      units: first ? [{ index, commit: first, message, commits: written }] : [],
      key: id,
      reverted: false,
    },
    urgent: undefined,
    reverted: false,
    unread: false,
  };
}

/** What the product says of these changes, going by what it has learned, in their order. */
export function adviceFor(changes: readonly Change[], patterns: Patterns, at: Date): Feature[] {
  return assess({ candidates: changes.map(candidateOf), patterns, preferences, experience, at });
}

/** Whether "all recommended" would ship it. */
export const isAdvised = ({ bucket }: Pick<Feature, 'bucket'>): boolean =>
  bucket === 'must' || bucket === 'recommended';
