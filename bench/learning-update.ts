import { featureTypeSchema } from '../src/domain/feature.ts';
import { patternsSchema, type Patterns } from '../src/domain/memory.ts';
import { learnFrom } from '../src/learning/learn.ts';
import { opinionAfter } from '../src/planning/assessment/opinion.ts';
import { aRollback, aSuccess, shipped } from '../test/harness/deployment.ts';
import { figure, type Figure } from './figure.ts';
import { median, quantile } from './measure.ts';

const deployments = 400;
const featuresEach = 10;
const types = featureTypeSchema.options;

/** What it costs to learn from a deployment of ten features, once two thousand features are known, and what is kept of it. */
export function updates(): Figure[] {
  let patterns: Patterns = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
  const took: number[] = [];
  for (let i = 0; i < deployments; i += 1) {
    const features = Array.from({ length: featuresEach }, (_, k) => {
      const number = i * featuresEach + k + 1;
      return shipped(`pr-${number}`, {
        type: types[number % types.length] ?? 'feature',
        commits: [number.toString(16).padStart(40, '0')],
        additions: (number * 37) % 700,
        flags: { breaking: number % 31 === 0, testsTouched: number % 3 > 0, dependencies: number % 7 === 0 },
      });
    });
    const ended = (i % 7 === 0 ? aRollback : aSuccess)(`20260101_${String(i).padStart(6, '0')}`, ...features);
    const at = {
      ...ended,
      requestedAt: new Date(Date.UTC(2026, 0, 1 + i, (i * 5) % 24)).toISOString(),
    };
    const begun = process.cpuUsage();
    patterns = learnFrom(patterns, at, opinionAfter).patterns;
    const { user, system } = process.cpuUsage(begun);
    if (patterns.features.length >= 2000) took.push((user + system) / 1000);
  }
  const bytes = JSON.stringify({ outcome: patterns.outcome, together: patterns.together }).length;
  return [
    figure(
      'learning',
      'learning update of a deployment, ms',
      median(took),
      `of the processor; ${featuresEach} features, ${patterns.features.length} known; p95 ${quantile(took, 0.95).toFixed(1)} ms; n=${took.length}`,
      { atMost: 5 },
    ),
    figure(
      'learning',
      'what is kept of what deployments taught, kB',
      bytes / 1000,
      `after ${deployments} deployments`,
      { atMost: 16 },
    ),
  ];
}
