import { casesFileOf } from '../domain/cases-file.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Effect } from '../domain/effect.ts';
import type { EventBody } from '../domain/event.ts';
import { learnFrom } from '../learning/learn.ts';
import { checklistItems } from '../planning/papers/checklist.ts';
import { opinionAfter } from '../planning/assessment/opinion.ts';
import { stagingPapers } from '../planning/papers/staging-papers.ts';
import { testReport } from '../planning/papers/test-report.ts';
import { cleanUp, prepareCandidate, promote, setWeight, startCandidate, verify } from './candidate-side.ts';
import { scale } from './copies.ts';
import { act } from './act.ts';
import { lookAtGates } from './check-gates.ts';
import { setFlag } from './flag-side.ts';
import { observeMeasures, readBaselines } from './observe-measures.ts';
import { observe } from './observe.ts';
import { outputOf } from './suite-output.ts';
import { reviveStable } from './revive-stable.ts';
import { versionOf, type Rollout } from './rollout.ts';
import { readyStable, restoreStable } from './stable-side.ts';

/** Does one effect and gives the event that says so; throws what failed. `observe` goes on until it is aborted. */
export async function perform(effect: Effect, rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d } = rollout;
  switch (effect.kind) {
    case 'build-candidate':
      return buildCandidate(d, rollout);
    case 'write-papers':
      return {
        type: 'papers.written',
        effect: effect.id,
        files: await ports.memory.writeDocuments(d.id, stagingPapers(d)),
        checklist: checklistItems(d),
      };
    case 'run-suite': {
      const log = outputOf(effect.suite.name, effect.run);
      const result = await ports.suites.run({
        deployment: d.id,
        environment: d.environment,
        sha: versionOf(d.candidate).sha,
        base: d.stable?.sha ?? null,
        suite: effect.suite,
        service: d.plan.service,
        log: ports.memory.pathOf(d.id, log),
        signal: rollout.signal,
      });
      const casesFile = result.casesFile && { ...result.casesFile, path: casesFileOf(log) };
      return {
        type: 'suite.finished',
        effect: effect.id,
        result: { ...result, log, ...(casesFile && { casesFile }) },
      };
    }
    case 'report-tests': {
      const [file] = await ports.memory.writeDocuments(d.id, [testReport(d)]);
      await ports.suites.dispose(versionOf(d.candidate).sha, d.plan.suites);
      return { type: 'tests.reported', effect: effect.id, file: file ?? '' };
    }
    case 'check-gates':
      return lookAtGates(rollout, effect.when);
    case 'ready-stable':
      return readyStable(rollout);
    case 'start-candidate':
      return startCandidate(rollout);
    case 'prepare-candidate':
      return prepareCandidate(rollout);
    case 'scale':
      return scale(rollout, effect.phase, effect.step);
    case 'set-weight':
      await readBaselines(rollout, effect.phase);
      return setWeight(rollout, effect.phase);
    case 'set-flag':
      return setFlag(rollout, effect);
    case 'revive-stable':
      return reviveStable(rollout);
    case 'observe': {
      const [never] = await Promise.all([
        observe(rollout, effect.phase),
        observeMeasures(rollout, effect.phase),
      ]);
      return never;
    }
    case 'verify':
      return verify(rollout);
    case 'promote':
      return promote(rollout);
    case 'clean-up':
      return cleanUp(rollout);
    case 'restore-stable':
      return restoreStable(rollout);
    case 'act':
      return act(effect, rollout);
    case 'learn':
      return learn(d, rollout);
    default:
      return effect satisfies never;
  }
}

async function buildCandidate(d: Deployment, { ports, effect, signal }: Rollout): Promise<EventBody> {
  const built = await ports.builder.build(d.id, d.source, d.stable?.sha ?? null, signal);
  const name = d.source.kind === 'version' ? d.source.ref : (built.branch ?? built.sha.slice(0, 12));
  return {
    type: 'candidate.built',
    effect,
    version: { sha: built.sha, name },
    tree: built.tree,
    branch: built.branch,
    commits: built.commits,
    ...(built.regenerated.length > 0 ? { builtTree: built.builtTree, regenerated: built.regenerated } : {}),
    ...(built.notes.length > 0 ? { notes: built.notes } : {}),
  };
}

async function learn(d: Deployment, { ports, effect }: Rollout): Promise<EventBody> {
  let learned: ReturnType<typeof learnFrom> | undefined;
  await ports.memory.updatePatterns((patterns) => {
    learned = learnFrom(patterns, d, opinionAfter);
    return learned.patterns;
  });
  if (learned) await ports.memory.writeDocuments(d.id, [learned.report]);
  return { type: 'learned', effect, lessons: learned?.lessons ?? [] };
}
