import { z } from 'zod';
import { deploymentModelSchema } from './risk/deployment-model.ts';

export const featureTypeSchema = z.enum([
  'feature',
  'fix',
  'perf',
  'refactor',
  'docs',
  'test',
  'build',
  'chore',
  'revert',
  'security',
  'other',
]);
export type FeatureType = z.infer<typeof featureTypeSchema>;

export const riskLevelSchema = z.enum(['low', 'medium', 'high']);
export type RiskLevel = z.infer<typeof riskLevelSchema>;

/** The four buckets of a recommendation, best first. */
export const bucketSchema = z.enum(['must', 'recommended', 'optional', 'not_recommended']);
export type Bucket = z.infer<typeof bucketSchema>;

/** Why one feature cannot ship without another; `path` and `line` are where a person can check it. */
const dependencyReasonSchema = z.object({
  kind: z.enum(['line', 'conflict', 'revert', 'migration', 'import', 'order']),
  path: z.string().optional(),
  line: z.number().int().positive().optional(),
});
export type DependencyReason = z.infer<typeof dependencyReasonSchema>;

const changedFileSchema = z.object({
  path: z.string(),
  status: z.enum(['added', 'modified', 'deleted', 'renamed']),
  additions: z.number().int().nonnegative(),
  deletions: z.number().int().nonnegative(),
  /** A tool wrote it: a lockfile, or generated code. */
  generated: z.boolean().optional(),
  /** A copy of code that others keep. */
  vendored: z.boolean().optional(),
  /** Another repository's commit, not a file. */
  submodule: z.boolean().optional(),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** What was seen, a statement each (`drops column users.email`), what breaks first; at most twenty, then `and n more`. */
const statementsSchema = z.array(z.string()).optional();

export const flagsSchema = z.object({
  schema: z
    .object({
      kind: z.string(),
      destructive: z.boolean(),
      paths: z.array(z.string()),
      changes: statementsSchema,
    })
    .optional(),
  api: z.object({ breaking: z.boolean(), paths: z.array(z.string()), changes: statementsSchema }).optional(),
  dependencies: z.boolean().optional(),
  config: z.boolean().optional(),
  infrastructure: z.boolean().optional(),
  dependencyChanges: statementsSchema,
  configChanges: statementsSchema,
  infrastructureChanges: statementsSchema,
  breaking: z.boolean(),
  testsTouched: z.boolean(),
});
export type Flags = z.infer<typeof flagsSchema>;

/** One thing that moved the probability: `effect` is the change in success probability, in −1 … 1. */
const factorSchema = z.object({ name: z.string(), effect: z.number(), text: z.string() });
export type Factor = z.infer<typeof factorSchema>;

/** `probability` is that of success, 0 … 1; `interval` its 90 % interval; `n` how many outcomes it rests on. */
export const riskSchema = z.object({
  level: riskLevelSchema,
  probability: z.number().min(0).max(1),
  interval: z.tuple([z.number(), z.number()]),
  n: z.number().int().nonnegative(),
  factors: z.array(factorSchema),
  /** Of one feature: the outcome model's inputs it was made of, by name; its outcome is learned by them. */
  inputs: z.record(z.string(), z.number()).optional(),
});
export type Risk = z.infer<typeof riskSchema>;

/** Feature ids of the contract: stable while the feature's commits exist. */
export const featureIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/);

/** What a kind of change is told by, the plainest first: choices are explained by the first of these that explains them. */
export const leaningKinds = ['type', 'area', 'flag', 'size'] as const;
export const leaningKindSchema = z.enum(leaningKinds);
export type LeaningKind = z.infer<typeof leaningKindSchema>;

/** The unit a person ships: a group of commits, as `discover --json` prints it. */
export const featureSchema = z.object({
  id: featureIdSchema,
  title: z.string(),
  type: featureTypeSchema,
  /** Full shas, oldest first. */
  commits: z.array(z.string()),
  pullRequest: z.number().int().positive().optional(),
  authors: z.array(z.string()),
  /** Its authors' commits on the base among the newest 1,000, the most of one of them; absent where that is not known. */
  authorCommits: z.number().int().nonnegative().optional(),
  files: z.array(changedFileSchema),
  additions: z.number().int().nonnegative(),
  deletions: z.number().int().nonnegative(),
  dependsOn: z.array(z.object({ id: featureIdSchema, because: z.array(dependencyReasonSchema) })),
  flags: flagsSchema,
  risk: riskSchema,
  bucket: bucketSchema,
  reason: z.string(),
  /** The base already holds this feature; selecting it adds nothing. */
  onBase: z.boolean().optional(),
  /** The deployment that took it back, where it has not changed since: it is not recommended for that. */
  takenBackIn: z.string().optional(),
  /** Where it would stand, had choices of before not moved it (M6), and the kind of change that they moved. */
  shifted: z.object({ from: bucketSchema, kind: leaningKindSchema, key: z.string() }).optional(),
});
export type Feature = z.infer<typeof featureSchema>;

const refSchema = z.object({ ref: z.string(), sha: z.string() });
export type Ref = z.infer<typeof refSchema>;

export const discoverySchema = z.object({
  schema: z.literal('orchestra/discovery@1'),
  base: refSchema,
  head: refSchema,
  features: z.array(featureSchema),
  deployment: z.object({
    risk: riskLevelSchema,
    probability: z.number(),
    /** 90 %, of `probability`, and the deployments that it rests on. */
    interval: z.tuple([z.number(), z.number()]).optional(),
    n: z.number().optional(),
    suggestedStrategy: z.string(),
    /** The most features that are recommended for one deployment. */
    maxFeatures: z.number().int().positive().optional(),
    /** What was learned of how the probabilities of features make a deployment's. */
    together: deploymentModelSchema.optional(),
  }),
  /** Things the reader should know: a shallow clone, a dirty work tree, why nothing was found. */
  notes: z.array(z.string()),
});
export type Discovery = z.infer<typeof discoverySchema>;

const proofSchema = z.object({
  ok: z.boolean(),
  /** The candidate's tree, written to the repository's objects. */
  tree: z.string(),
  rounds: z.number().int(),
  complement: z.object({
    ok: z.boolean(),
    conflicts: z.array(z.object({ id: z.string(), path: z.string() })),
  }),
});
export type Proof = z.infer<typeof proofSchema>;

export const selectionSchema = z.object({
  schema: z.literal('orchestra/selection@1'),
  /** Everything that ships: what was chosen and what it pulled in. */
  selected: z.array(featureIdSchema),
  added: z.array(z.object({ id: featureIdSchema, because: z.array(z.string()) })),
  proof: proofSchema.optional(),
  /** What deploying all of it together amounts to. */
  risk: riskSchema.optional(),
});
export type Selection = z.infer<typeof selectionSchema>;
