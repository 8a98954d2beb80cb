import { openApart } from './apart.ts';
import { figure, type Figure } from './figure.ts';
import { jitFolder, readProjects, type Project } from './learning/jit-data.ts';
import { makePrior } from './learning/make-prior.ts';
import { publishedOf } from './learning/published.ts';
import { replayChanges, replayDeployments, type Replayed } from './learning/replay-project.ts';
import { readRepository } from './learning/repository-changes.ts';
import { areaUnderCurve, brierScore, calibrationError, meanOf, type Told } from './learning/scores.ts';
import { warmStart } from './learning/warm-start.ts';
import { teams } from './learning-teams.ts';
import { updates } from './learning-update.ts';
import { nameOf, type BenchOptions } from './options.ts';
import type { ChangePrior } from '../src/domain/risk/change-prior.ts';
import { shippedFrom, shippedPrior } from '../src/domain/risk/shipped-prior.ts';

const benchName = 'learning';
/** The share of a project, at its end, that is scored. */
const scoredShare = 0.2;
/** Where a model starts anew, and how many outcomes it is then scored on. */
const starts = 20;
const firstOutcomes = 100;
/** How often a project is cut into deployments, each time elsewhere. */
const cuttings = 10;

/**
 * How well the change model knows which changes go wrong, judged before it learns each, on open data and on the histories
 * named by `--repository`; the prior is always made without the project under test.
 */
export async function bench(options: BenchOptions): Promise<Figure[]> {
  const folder = options.data ?? jitFolder;
  const projects = await readProjects(folder);
  if (projects.length === 0)
    process.stderr.write(`learning: no data in ${folder}, so nothing is said of the open data\n`);
  const figures = projects.length > 1 ? ofOpenData(projects) : [];
  if (projects.length === 1)
    process.stderr.write(`learning: one project alone in ${folder} leaves none to make a prior of\n`);
  if (options.repositories.length > 0) figures.push(...(await ofRepositories(projects, options)));
  else figures.push(...(await ofThisHistory()), ...updates(), ...teams(options));
  return figures;
}

/** How quickly the history that the bench itself stands in is learned from, where no other is named. */
async function ofThisHistory(): Promise<Figure[]> {
  const { git, remove } = await openApart('.');
  try {
    return await warmStart(git, 'this repository', await git.resolve('HEAD'));
  } finally {
    await remove();
  }
}

interface Scored {
  area: number;
  brier: number;
  calibration: number;
  /** Brier's score of the share of defective changes, had it been known. */
  base: number;
}

function scoreOf(told: readonly Told[]): Scored {
  const share = meanOf(told.map(({ y }) => y));
  return {
    area: areaUnderCurve(told),
    brier: brierScore(told),
    calibration: calibrationError(told),
    base: share * (1 - share),
  };
}

/** A limit as it is printed. */
const short = (limit: number): number => Math.round(limit * 1000) / 1000;

const lastOf = <T>(all: readonly T[]): T[] => all.slice(Math.floor(all.length * (1 - scoredShare)));

interface Measured {
  project: Project;
  prior: ChangePrior;
  replayed: Replayed;
  last: Scored;
}

function ofOpenData(projects: readonly Project[]): Figure[] {
  const measured = projects.map((project): Measured => {
    const prior = makePrior(projects.filter((one) => one !== project).map(({ changes }) => changes));
    const replayed = replayChanges(project.changes, prior);
    return { project, prior, replayed, last: scoreOf(lastOf(replayed.told)) };
  });
  const of = `mean of ${projects.map(({ name }) => name).join(', ')}; last ${scoredShare * 100} %, test then train, prior without the project`;
  const mean = (key: keyof Scored) => meanOf(measured.map(({ last }) => last[key]));
  return [
    ...measured.flatMap(ofProject),
    figure(benchName, 'area under the curve', mean('area'), of, { atLeast: 0.77 }),
    figure(benchName, "Brier's score", mean('brier'), `${of}; base rate ${mean('base').toFixed(3)}`, {
      atMost: 0.143,
    }),
    figure(benchName, 'calibration error', mean('calibration'), of, { atMost: 0.02 }),
    ...ofStarts(measured),
    ...ofDeployments(measured),
    ...ofCost(measured),
  ];
}

function ofProject({ project, last }: Measured): Figure[] {
  const published = publishedOf(project.name);
  const best = Math.max(...published.map(({ area }) => area));
  const lines = areaUnderCurve(
    lastOf(project.changes).map(({ metrics, defective }) => ({ p: metrics.la, y: defective ? 1 : 0 })),
  );
  const beside = [
    `lines added alone ${lines.toFixed(3)}`,
    ...published.map(({ model, area }) => `${model} ${area.toFixed(3)}`),
  ].join(', ');
  const text = (what: string) => `${project.name}: ${what}`;
  return [
    figure(
      benchName,
      text('area under the curve'),
      last.area,
      beside,
      published.length > 0 ? { atLeast: best } : 'none',
    ),
    figure(benchName, text("Brier's score"), last.brier, `base rate ${last.base.toFixed(3)}`, {
      atMost: short(last.base),
    }),
    figure(benchName, text('calibration error'), last.calibration, '10 bins, weighted by their size', {
      atMost: 0.04,
    }),
  ];
}

/** Where each of the starts is, among so many changes. */
const startsIn = (changes: number): number[] =>
  Array.from({ length: starts }, (_, i) =>
    Math.floor((Math.max(0, changes - firstOutcomes) * i) / (starts - 1)),
  );

/** Hundreds of outcomes scored each by itself, then taken together: one hundred alone says little of calibration. */
function scoreHundreds(runs: readonly (readonly Told[])[]): Scored {
  const told = runs.filter((run) => run.some(({ y }) => y === 1) && run.some(({ y }) => y === 0));
  const each = told.map(scoreOf);
  return {
    area: meanOf(each.map(({ area }) => area)),
    brier: meanOf(each.map(({ brier }) => brier)),
    base: meanOf(each.map(({ base }) => base)),
    calibration: calibrationError(told.flat()),
  };
}

function ofStarts(measured: readonly Measured[]): Figure[] {
  const scored = measured.map(({ project: { name, changes }, prior, replayed }) => {
    const at = startsIn(changes.length);
    return {
      name,
      anew: scoreHundreds(at.map((i) => replayChanges(changes.slice(i, i + firstOutcomes), prior).told)),
      known: scoreHundreds(at.map((i) => replayed.told.slice(i, i + firstOutcomes))),
      firstTold: replayed.told.slice(0, firstOutcomes),
      first: scoreOf(replayed.told.slice(0, firstOutcomes)),
    };
  });
  const mean = (of: 'anew' | 'known' | 'first', key: keyof Scored) =>
    meanOf(scored.map((one) => one[of][key]));
  const each = (of: 'anew' | 'first', key: keyof Scored) =>
    scored.map((one) => `${one.name} ${one[of][key].toFixed(3)}`).join(', ');
  const own = `the first ${firstOutcomes} outcomes of each project`;
  const anew = `first ${firstOutcomes} outcomes from ${starts} starts`;
  const base = { first: mean('first', 'base'), anew: mean('anew', 'base') };
  return [
    figure(benchName, `${own}: area under the curve`, mean('first', 'area'), each('first', 'area'), {
      atLeast: 0.77,
    }),
    figure(
      benchName,
      `${own}: Brier's score`,
      mean('first', 'brier'),
      `base rate ${base.first.toFixed(3)}; ${each('first', 'brier')}`,
      { atMost: short(base.first) },
    ),
    figure(
      benchName,
      `${own}: calibration error`,
      calibrationError(scored.flatMap(({ firstTold }) => firstTold)),
      `the projects taken together; alone, where chance is as large, ${each('first', 'calibration')}`,
      { atMost: 0.08 },
    ),
    figure(
      benchName,
      `${anew}: area under the curve`,
      mean('anew', 'area'),
      `${each('anew', 'area')}; with all before learned ${mean('known', 'area').toFixed(3)}`,
      { atLeast: 0.77 },
    ),
    figure(
      benchName,
      `${anew}: Brier's score`,
      mean('anew', 'brier'),
      `base rate ${base.anew.toFixed(3)}; ${each('anew', 'brier')}`,
      { atMost: short(base.anew) },
    ),
    figure(
      benchName,
      `${anew}: calibration error`,
      mean('anew', 'calibration'),
      `the starts of a project taken together; ${each('anew', 'calibration')}`,
      { atMost: 0.08 },
    ),
  ];
}

function ofDeployments(measured: readonly Measured[]): Figure[] {
  const scored = measured.map(({ replayed }) => {
    const runs = Array.from({ length: cuttings }, (_, i) => replayDeployments(replayed.told.slice(2 * i), i));
    const error = (key: 'recalibrated' | 'product', part: (told: readonly Told[]) => readonly Told[]) =>
      calibrationError(runs.flatMap((run) => part(run[key])));
    const whole = (told: readonly Told[]) => told;
    return {
      all: error('recalibrated', whole),
      allProduct: error('product', whole),
      last: error('recalibrated', lastOf),
      lastProduct: error('product', lastOf),
    };
  });
  const mean = (key: 'all' | 'allProduct' | 'last' | 'lastProduct') => meanOf(scored.map((one) => one[key]));
  const of = `deployments of 1–15 changes, cut in ${cuttings} ways; multiplied`;
  return [
    figure(
      benchName,
      'deployments: calibration error, all',
      mean('all'),
      `${of} ${mean('allProduct').toFixed(3)}`,
      { atMost: 0.02 },
    ),
    figure(
      benchName,
      'deployments: calibration error, last 20 %',
      mean('last'),
      `${of} ${mean('lastProduct').toFixed(3)}`,
      { atMost: 0.02 },
    ),
  ];
}

function ofCost(measured: readonly Measured[]): Figure[] {
  const slowest = Math.max(...measured.map(({ replayed }) => replayed.updateUs));
  const largest = Math.max(...measured.map(({ replayed }) => replayed.bytes));
  return [
    figure(benchName, 'an update, µs', slowest, 'the slowest project, all of its changes', { atMost: 50 }),
    figure(benchName, 'the model as JSON, bytes', largest, 'the largest at the end of a project', {
      atMost: 16_384,
    }),
  ];
}

/** The same scores on histories, as the product itself reads them; the prior is made of the open data alone. */
async function ofRepositories(projects: readonly Project[], options: BenchOptions): Promise<Figure[]> {
  const open = projects.length > 0 ? makePrior(projects.map(({ changes }) => changes)) : undefined;
  const figures: Figure[] = [];
  for (const repository of options.repositories) {
    const { git, remove } = await openApart(repository);
    try {
      const name = nameOf(repository);
      const made = open
        ? 'prior of the open data alone'
        : shippedFrom.includes(name.replace(/^.*\+/u, ''))
          ? 'shipped prior, which was made with it'
          : 'shipped prior';
      const prior = open ?? shippedPrior;
      const revision = await git.resolve(options.revision ?? 'HEAD');
      figures.push(...(await warmStart(git, name, revision)));
      const began = performance.now();
      const changes = await readRepository(git, options.revision ?? 'HEAD');
      const readMs = performance.now() - began;
      const learned = performance.now();
      const replayed = replayChanges(changes, prior);
      const perSecond = changes.length / Math.max(0.001, (performance.now() - learned) / 1000);
      const last = scoreOf(lastOf(replayed.told));
      const of = `${changes.length} changes, ${replayed.told.filter(({ y }) => y === 1).length} defective; ${made}`;
      const text = (what: string) => `${name}: ${what}`;
      figures.push(
        figure(benchName, text('area under the curve'), last.area, of, 'none'),
        figure(benchName, text("Brier's score"), last.brier, `base rate ${last.base.toFixed(3)}`, {
          atMost: short(last.base),
        }),
        figure(
          benchName,
          text('calibration error'),
          last.calibration,
          '10 bins, weighted by their size',
          'none',
        ),
        figure(
          benchName,
          text('changes learned a second'),
          perSecond,
          `after the git pass of ${(readMs / 1000).toFixed(1)} s`,
          { atLeast: 1000 },
        ),
      );
    } finally {
      await remove();
    }
  }
  return figures;
}
