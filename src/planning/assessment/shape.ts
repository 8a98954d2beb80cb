import { formatInterval } from '../../domain/interval.ts';
import type { ChangeMetrics } from '../../domain/risk/change-metrics.ts';
import { judgeChange, type ChangeModel } from '../../domain/risk/change-model.ts';
import { counted } from '../../domain/counted.ts';
import { kindInputs, type OutcomeInputs } from '../../domain/risk/outcome-inputs.ts';
import type { Candidate } from '../assemble.ts';
import { authorCommits } from './author-commits.ts';
import { isTest } from '../detectors/tests.ts';
import { fixDays, type Experience } from './experience.ts';

/**
 * What a change's looks are worth before anything is known of a repository, in log-odds of success. Their signs follow
 * just-in-time defect prediction (Kamei et al., TSE 2013: size, spread, purpose, experience), their sizes are judgement,
 * kept small so that a repository's own outcomes soon outweigh them.
 */
const coefficients = Object.freeze({
  /** Per doubling of changed lines beyond 50, at most four doublings. */
  sizeDoubling: -0.22,
  /** Per doubling of folders touched beyond two, at most three. */
  spreadDoubling: -0.2,
  testsTouched: 0.35,
  codeWithoutTests: -0.3,
  schemaAdditive: -0.6,
  schemaDestructive: -1.6,
  apiBreaking: -1.2,
  dependencies: -0.3,
  infrastructure: -0.35,
  config: -0.15,
  proseOnly: 1.2,
  newcomer: -0.35,
  oldHand: 0.25,
  /** Per recent fix in the files it touches, at most four. */
  recentFix: -0.12,
});

/** One thing that moves a probability; `change` is in log-odds of success. */
export interface Term {
  name: string;
  change: number;
  text: string;
}

/** What the history of the repository says of changes: the model that learned from it, and a feature's metrics in it. */
export interface ChangeHistory {
  model: ChangeModel;
  view: { metricsOf: (candidate: Candidate) => ChangeMetrics | undefined };
}

/** How a change looks: what that is worth, in words, and as the outcome model's inputs. */
export interface Shape {
  terms: Term[];
  /** What of it tier 1 says, when it was asked; to be multiplied by what that is worth. */
  change: Term[];
  inputs: OutcomeInputs;
}

/** The most that tier 1 may say, in its log-odds either way: a repository's past never outweighs its deployments. */
const mostOfChange = 2.5;

/** How a change looks, before any deployment is thought of. Pure. */
export function shapeOf(
  candidate: Candidate,
  experience: Experience,
  history: ChangeHistory | undefined,
): Shape {
  const { feature } = candidate;
  const terms: Term[] = [];
  const add = (name: string, change: number, text: string) => {
    terms.push({ name, change, text });
  };
  // What a tool wrote or others keep was not worked out here: it is neither large nor spread.
  const own = feature.files.filter((file) => !file.generated && !file.vendored && !file.submodule);
  const lines = own.reduce((total, { additions, deletions }) => total + additions + deletions, 0);
  const prose =
    feature.files.length > 0 &&
    (feature.type === 'docs' || feature.type === 'test') &&
    feature.files.every(({ path }) => isTest(path) || isProse(path));
  const folders = new Set(own.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/'))))).size;
  const fixes = feature.files.reduce((total, { path }) => total + (experience.fixesIn.get(path) ?? 0), 0);
  const author = authorOf(candidate, experience);
  const metrics = prose ? undefined : history?.view.metricsOf(candidate);
  const change = metrics && history ? changeTerms(history.model, metrics) : [];

  if (prose)
    add('prose', coefficients.proseOnly, 'only documentation or tests: nothing that runs in production');
  const sizes = lines > 50 ? Math.min(4, Math.log2(lines / 50)) : 0;
  const spread = folders > 2 ? Math.min(3, Math.log2(folders / 2)) : 0;
  if (!metrics) {
    if (sizes > 0) add('size', coefficients.sizeDoubling * sizes, `${lines} changed lines`);
    if (spread > 0)
      add(
        'spread',
        coefficients.spreadDoubling * spread,
        `spread over ${own.length} files in ${folders} folders`,
      );
  }
  const code = own.some(({ path }) => !isTest(path) && !isProse(path));
  if (feature.flags.testsTouched && !prose)
    add('tests', coefficients.testsTouched, 'tests were added or changed with it');
  else if (code && lines > 10) add('tests', coefficients.codeWithoutTests, 'no test was touched');
  addFlags(feature.flags, add);
  if (!metrics) {
    if (fixes > 0 && !prose)
      add(
        'fixes',
        coefficients.recentFix * Math.min(4, fixes),
        `its files had ${fixes} ${fixes === 1 ? 'fix' : 'fixes'} in the ${fixDays} days before`,
      );
    if (author) add('author', author.change, author.text);
  }
  const expected = terms.reduce((sum, { change: by }) => sum + by, 0);
  const thought = change.reduce((sum, { change: by }) => sum + by, 0);
  return {
    terms,
    change,
    inputs: {
      ...(expected === 0 ? {} : { expected: round(expected) }),
      ...(thought === 0 ? {} : { change: round(thought) }),
      // Counted as discovery sees it, without what tools wrote.
      ...kindInputs({ ...feature, additions: lines, deletions: 0 }),
      ...(spread > 0 ? { spread: round(spread / 3) } : {}),
      ...(fixes > 0 ? { fixes: round(Math.min(4, fixes) / 4) } : {}),
      ...(author ? { [author.input]: 1 } : {}),
    },
  };
}

/** What the repository's past says of changes like it, in log-odds against its usual share of defects. */
function changeTerms(model: ChangeModel, metrics: ChangeMetrics): Term[] {
  const { defect, logit, interval, base, factors, n } = judgeChange(model, metrics);
  const usual = Math.log(base / (1 - base));
  const all = Math.max(-mostOfChange, Math.min(mostOfChange, Number.isFinite(usual) ? usual - logit : 0));
  // Effects on the probability, as log-odds at that place; what they leave is said as a whole.
  const each = factors.slice(0, 3).map(({ name, effect, text }) => ({
    name: `change-${name}`,
    change: Math.max(-mostOfChange, Math.min(mostOfChange, -effect / (defect * (1 - defect)))),
    text,
  }));
  const named = each.reduce((sum, { change }) => sum + change, 0);
  const share = `${Math.round(defect * 100)} % (${formatInterval(interval)}) likely to be taken back or to need a fix later`;
  const usually = `${Math.round(base * 100)} % of all`;
  return [
    ...each,
    {
      name: 'change',
      change: all - named,
      text:
        n > 0
          ? `${share}; ${usually} lately, learned from ${counted(Math.round(n), 'outcome')} of changes here`
          : `${share}; ${usually} in other projects, from which alone this is known yet`,
    },
  ];
}

function addFlags(
  flags: Candidate['feature']['flags'],
  add: (name: string, change: number, text: string) => void,
): void {
  const { schema } = flags;
  if (schema)
    add(
      'schema',
      schema.destructive ? coefficients.schemaDestructive : coefficients.schemaAdditive,
      `${schema.destructive ? 'destructive' : 'additive'} schema change (${schema.kind}): ${schema.paths[0] ?? ''}`,
    );
  if (flags.breaking || flags.api?.breaking)
    add(
      'api',
      coefficients.apiBreaking,
      `breaking change${flags.api?.paths[0] ? ` in ${flags.api.paths[0]}` : ''}`,
    );
  if (flags.dependencies) add('dependencies', coefficients.dependencies, 'dependencies changed');
  if (flags.infrastructure)
    add('infrastructure', coefficients.infrastructure, 'how it is built or run changed');
  if (flags.config) add('config', coefficients.config, 'configuration changed');
}

/** Whether somebody who is new here, or knows it long, wrote it. */
function authorOf(
  candidate: Candidate,
  experience: Experience,
): { input: 'newcomer' | 'old-hand'; change: number; text: string } | undefined {
  const most = authorCommits(candidate, experience) ?? 0;
  if (most >= 20)
    return {
      input: 'old-hand',
      change: coefficients.oldHand,
      text: `its author has ${most} commits on the base`,
    };
  const read = readBy(experience);
  return most < 2 && read >= 20
    ? {
        input: 'newcomer',
        change: coefficients.newcomer,
        text: `its author is new here (${most} commits on the base)`,
      }
    : undefined;
}

/** How many commits an experience comes from; counted once, since every feature asks. */
const readOf = new WeakMap<Experience, number>();

function readBy(experience: Experience): number {
  const known =
    readOf.get(experience) ?? [...experience.commitsOf.values()].reduce((total, n) => total + n, 0);
  readOf.set(experience, known);
  return known;
}

const isProse = (path: string) =>
  /\.(?:md|mdx|rst|adoc|txt)$|(?:^|\/)docs?\/|(?:^|\/)(?:licen[cs]e|authors|readme)[^/]*$/iu.test(path);
const round = (x: number) => Math.round(x * 1e4) / 1e4;
