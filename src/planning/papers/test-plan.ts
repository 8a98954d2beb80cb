import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import { candidatePlaces } from '../../domain/places.ts';
import type { Plan } from '../../domain/plan.ts';
import { askWords, untilWords } from '../../domain/test-requirement.ts';
import type { Document } from '../../ports/memory.ts';
import { riskLabel } from './facts.ts';
import { blocks, bullets, code, md, table, ticks } from '../../domain/markdown.ts';

const purposes = {
  unit: 'the parts do what they say',
  integration: 'the parts work together',
  smoke: 'the built candidate starts and answers on its critical paths',
  performance: 'it is as fast as before',
  security: 'it lets nobody in who may not',
} as const;

function lookAt(feature: ShippedFeature): string[] {
  const { schema, api, dependencies, config } = feature.flags;
  return [
    ...(schema ? [`old and new version on the migrated data (${md(schema.kind)})`] : []),
    ...(api
      ? [
          `${api.breaking ? 'clients that still use the old API' : 'the changed API'} (${api.paths
            .slice(0, 3)
            .map((p) => code(p))
            .join(', ')})`,
        ]
      : []),
    ...(dependencies ? ['a clean install from the lockfile'] : []),
    ...(config ? ['every setting it reads is present in the environment'] : []),
    ...(feature.flags.testsTouched ? [] : ['by hand: it changed no test']),
  ];
}

/** What is tested automatically, and what this selection asks to be looked at besides. */
export function testSection(deployment: Deployment): string {
  const { plan, source } = deployment;
  const suites =
    plan.suites.length > 0
      ? table(
          ['Suite', 'Kind', 'Shows that', 'Command', 'Ends after'],
          plan.suites.map(({ name, kind, run, timeoutMs }) => [
            code(name),
            kind,
            purposes[kind],
            code(run),
            formatDuration(timeoutMs),
          ]),
        )
      : `**No suite runs${plan.suitesSkipped ? `: ${md(plan.suitesSkipped)}` : '. Add `suites:` to `orchestra.yaml`'}.** The rollout is then the only test.`;
  const missing = (['unit', 'integration', 'smoke', 'performance', 'security'] as const).filter(
    (kind) => !plan.suites.some((suite) => suite.kind === kind),
  );
  const looks = source.features.flatMap((feature) => {
    const points = lookAt(feature);
    return points.length > 0
      ? [{ done: false, text: `**${md(feature.title, 100)}**: ${points.join('; ')}` }]
      : [];
  });
  return blocks(
    '### Automatic',
    plan.suites.length > 0
      ? 'Run in a clean work tree of the candidate, its dependencies installed as the lockfile says. Any failure or time-out blocks production.'
      : undefined,
    suites,
    plan.suites.length > 0 && missing.length > 0
      ? `Not covered by any suite: ${missing.join(', ')}.`
      : undefined,
    plan.testRequirement ? '### Asked for since deployments failed for lack of tests' : undefined,
    plan.testRequirement
      ? bullets(
          plan.testRequirement.map(
            (one) => `**${md(askWords(one))}**, ${untilWords(one)}. ${md(one.evidence, 600)}.`,
          ),
        )
      : undefined,
    looks.length > 0 ? '### To look at, because of what ships' : undefined,
    looks.length > 0 ? ticks(looks) : undefined,
    '### In production',
    bullets([
      `Each phase must see ${plan.triggers.minimumSample} requests on the new version before it is judged.`,
      `After the last one, ${healthPaths(plan)} is asked through the router whether the expected version answers.`,
    ]),
  ).trimEnd();
}

/** `TEST_PLAN.md`. */
export function testPlan(deployment: Deployment): Document {
  return {
    name: 'TEST_PLAN.md',
    text: blocks(
      `# Test plan: deployment ${code(deployment.id)}`,
      `${deployment.source.features.length} features for ${code(deployment.environment)}, ${riskLabel(deployment)}.`,
      testSection(deployment),
    ),
  };
}

function healthPaths(plan: Plan): string {
  const paths = new Set(candidatePlaces(plan).map(({ service }) => service.health.path));
  return [...paths].map((path) => code(path)).join(', ');
}
