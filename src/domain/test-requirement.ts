import { z } from 'zod';
import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import type { ShippedFeature } from './event.ts';
import { safeText } from './safe-text.ts';

/**
 * So many deployments in a row have to go well with what was asked for, until it is asked no more: with three of three the
 * 90 % Wilson interval of success begins above a half (53 %), and it is the number from which a learned rate counts at all.
 */
export const successesNeeded = 3;

/** What a failure for lack of tests asks of later deployments: tests with what changes there, or a kind of suite. */
const askSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('tests'),
    /** The feature that shipped without tests; `paths` are its files that say where a change is. */
    feature: z.string(),
    title: z.string(),
    commits: z.array(z.string()),
    scope: z.string().optional(),
    paths: z.array(z.string()),
  }),
  z.object({ kind: z.literal('suite'), suite: z.enum(['smoke', 'performance']) }),
]);

/** One thing that is asked of later deployments since one failed for lack of tests (REQUIREMENTS M5); texts safe to print. */
export const testRequirementSchema = z.object({
  /** The deployment that failed, where, and when that was sure. */
  deployment: z.string(),
  environment: z.string(),
  at: z.string(),
  ask: askSchema,
  /** How it failed, and what says that tests were lacking. */
  evidence: z.string(),
  /** Deployments that did what is asked and went well since, oldest first. */
  met: z.array(z.string()),
});
export type TestRequirement = z.infer<typeof testRequirementSchema>;

/** A requirement as it stands in a plan: of which of its features tests are asked. */
export const plannedRequirementSchema = testRequirementSchema.extend({ features: z.array(z.string()) });
export type PlannedRequirement = z.infer<typeof plannedRequirementSchema>;

/** Whether it is still asked for. */
export function isOpen({ met }: TestRequirement): boolean {
  return met.length < successesNeeded;
}

/** Files that nearly every change touches, or that no test runs: they say nothing of where a change is. */
const everywhere =
  /(?:^|\/)(?:package(?:-lock)?\.json|[^/]{1,80}[.-]lock(?:\.\w{1,8})?|pnpm-lock\.yaml|go\.(?:mod|sum)|changelog[^/]{0,20}|readme[^/]{0,20}|orchestra\.yaml)$|\.(?:md|txt|rst)$/i;

/** At most so many files of a feature are remembered. */
const mostPaths = 50;

/** The files of a feature that say where it changes something. */
export function telling(paths: readonly string[]): string[] {
  return paths.filter((path) => !everywhere.test(path)).slice(0, mostPaths);
}

/** The `scope` of a title `type(scope): subject`, in small letters. */
export function scopeOf(title: string): string | undefined {
  return /^[a-z]{1,20}\(([\w./@-]{1,60})\)!?:/i.exec(title)?.[1]?.toLowerCase();
}

/** `src/cart` of `src/cart/total.ts`; undefined right below the root, where everything is together. */
function folderOf(path: string): string | undefined {
  const parts = path.split('/').slice(0, -1);
  return parts.length < 2 ? undefined : parts.join('/');
}

/** What nobody asks a test of: it has no code of its own, or takes some back. */
const exempt: ReadonlySet<string> = new Set(['docs', 'test', 'revert']);

/**
 * Whether a feature changes what failed without tests before: the feature itself, its scope, one of its files, or a folder of
 * them. Who wrote it plays no part: a person is not what lacks tests.
 */
function isThere(
  ask: Extract<TestRequirement['ask'], { kind: 'tests' }>,
  places: { paths: ReadonlySet<string>; folders: ReadonlySet<string> },
  feature: ShippedFeature,
): boolean {
  if (exempt.has(feature.type)) return false;
  if (feature.id === ask.feature || feature.commits.some((commit) => ask.commits.includes(commit)))
    return true;
  if (ask.scope !== undefined && scopeOf(feature.title) === ask.scope) return true;
  const { paths, folders } = places;
  return telling(feature.paths).some((path) => paths.has(path) || folders.has(folderOf(path) ?? ''));
}

/** The features that a requirement asks tests of; none where it asks for a suite. */
export function askedOf({ ask }: TestRequirement, features: readonly ShippedFeature[]): ShippedFeature[] {
  if (ask.kind === 'suite') return [];
  const folders = new Set(ask.paths.flatMap((path) => folderOf(path) ?? []));
  const places = { paths: new Set(ask.paths), folders };
  return features.filter((feature) => isThere(ask, places, feature));
}

/** Of what is asked in an environment, what concerns these features: frozen into their plan. Pure. */
export function requirementsFor(
  requirements: readonly TestRequirement[],
  environment: string,
  features: readonly ShippedFeature[],
): PlannedRequirement[] {
  return requirements
    .filter((one) => one.environment === environment && isOpen(one))
    .map((one) => ({ ...one, features: askedOf(one, features).map(({ id }) => id) }))
    .filter(({ ask, features: ids }) => ask.kind === 'suite' || ids.length > 0);
}

/** Whether a deployment did what is asked: tests with every feature that it is asked of, or a suite of that kind that passed. */
export function fulfils(
  requirement: TestRequirement,
  { source, suites }: Pick<Deployment, 'source' | 'suites'>,
): boolean {
  const { ask } = requirement;
  if (ask.kind === 'suite')
    return suites.some(({ kind, status }) => kind === ask.suite && status === 'passed');
  const asked = askedOf(requirement, source.features);
  return asked.length > 0 && asked.every(({ flags }) => flags.testsTouched);
}

/** What is asked, in a few words: `tests with every change of cart`, `a performance suite that passes`. */
export function askWords({ ask }: Pick<TestRequirement, 'ask'>): string {
  if (ask.kind === 'suite') return `a ${ask.suite} suite that passes`;
  if (ask.scope !== undefined) return `tests with every change of ${safeText(ask.scope, 60)}`;
  return `tests with every change of what "${safeText(ask.title, 80)}" changed`;
}

/** Until when it is asked: `until 3 deployments in a row go well with it (1 so far)`. */
export function untilWords({ met }: Pick<TestRequirement, 'met'>): string {
  return `until ${successesNeeded} deployments in a row go well with it (${met.length} so far)`;
}

/** A note of a plan: what is asked more than usual, of what, why, and until when. */
export function requirementNote(one: PlannedRequirement): string {
  const of = one.ask.kind === 'suite' ? '' : ` (${counted(one.features.length, 'feature')} of this choice)`;
  return `More is asked of its tests: ${askWords(one)}${of}, ${untilWords(one)}. ${one.evidence}.`;
}
