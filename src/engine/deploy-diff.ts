import type { ChangedFile, Flags, Risk, RiskLevel } from '../domain/feature.ts';

/** A commit as people look for it; texts are safe to print. */
export interface DiffCommit {
  sha: string;
  subject: string;
  author: string;
}

export interface DiffFeature {
  id: string;
  title: string;
  type: string;
  pullRequest?: number;
  /** Not chosen itself: what was chosen needs it. */
  pulledIn: boolean;
  commits: DiffCommit[];
}

/** One kind of change in one feature: where, and where a detector could tell, what exactly. */
export interface DiffSchemaChange {
  feature: string;
  kind: string;
  destructive: boolean;
  paths: string[];
  changes: string[];
}

export interface DiffApiChange {
  feature: string;
  breaking: boolean;
  paths: string[];
  changes: string[];
}

/** What a deployment would change in an environment, from commits to schema and API (REQUIREMENTS G5). */
export interface DeployDiff {
  schema: 'orchestra/diff@1';
  environment: string;
  /** What runs now; `deployed` is false where nothing does, and the base is compared with instead. */
  from: { name: string; sha: string; deployed: boolean };
  /** `sha` is null for a selection: its candidate is built when it is deployed, with this tree. */
  to: { name: string; sha: string | null; tree: string };
  /** Why nothing would change, where nothing would. */
  nothing: string | null;
  features: DiffFeature[];
  /** Features that run now and would not any more. */
  removed: DiffFeature[];
  files: ChangedFile[];
  additions: number;
  deletions: number;
  schemaChanges: DiffSchemaChange[];
  apiChanges: DiffApiChange[];
  /** Ids of the features that touch dependencies, configuration, infrastructure. */
  dependencies: string[];
  config: string[];
  infrastructure: string[];
  settings: {
    /** Settings of `orchestra.yaml` that are not as they were in what runs; values of variables are not shown. */
    changed: { key: string; before: string | null; after: string | null }[];
    /** In which ways more would be let through than before, in words. */
    loosened: string[];
  };
  /** Variables that the settings ask for and did not before. */
  variables: string[];
  strategy: string | null;
  strategyReason: string | null;
  risk: RiskLevel | null;
  probability: Risk | null;
  notes: string[];
}

/** The schema and API changes of features, and which touch what else. */
export function sortFlags(
  features: readonly { id: string; flags: Flags }[],
): Pick<DeployDiff, 'schemaChanges' | 'apiChanges' | 'dependencies' | 'config' | 'infrastructure'> {
  const having = (name: 'dependencies' | 'config' | 'infrastructure') =>
    features.filter(({ flags }) => flags[name] === true).map(({ id }) => id);
  return {
    schemaChanges: features.flatMap(({ id, flags: { schema } }) =>
      schema ? [{ feature: id, ...schema, changes: changesOf(schema) }] : [],
    ),
    apiChanges: features.flatMap(({ id, flags: { api } }) =>
      api ? [{ feature: id, ...api, changes: changesOf(api) }] : [],
    ),
    dependencies: having('dependencies'),
    config: having('config'),
    infrastructure: having('infrastructure'),
  };
}

/** What a detector said it saw, where it says it. */
function changesOf(flag: object): string[] {
  const changes: unknown = 'changes' in flag ? flag.changes : undefined;
  return Array.isArray(changes) ? changes.filter((one) => typeof one === 'string') : [];
}
