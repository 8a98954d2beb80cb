import { counted } from '../../../domain/counted.ts';
import { exitCode } from '../../../domain/errors.ts';
import type { Bucket, Discovery, Feature } from '../../../domain/feature.ts';
import { groupedStatements } from '../../../domain/statements.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';

const buckets: readonly [Bucket, string][] = [
  ['must', 'MUST INCLUDE'],
  ['recommended', 'RECOMMENDED'],
  ['optional', 'OPTIONAL'],
  ['not_recommended', 'NOT RECOMMENDED'],
];

/** `discover`: what waits, in its buckets, each with its reason. */
export async function discover(context: Context, options: { base?: string; head?: string }): Promise<number> {
  const discovery = await context.orchestrator.discover(options);
  context.output.data(discovery);
  context.output.text(describe(discovery));
  return exitCode.done;
}

function describe(d: Discovery): string[] {
  const waiting = d.features.filter((f) => f.onBase !== true);
  const shipped = d.features.length - waiting.length;
  return [
    `${d.head.ref} (${d.head.sha.slice(0, 12)}) against ${d.base.ref} (${d.base.sha.slice(0, 12)}): ${counted(waiting.length, 'feature waits', 'features wait')}`,
    ...(waiting.some((f) => f.bucket === 'must' || f.bucket === 'recommended')
      ? [
          `All recommended together: risk ${d.deployment.risk.toUpperCase()}, success ${d.deployment.probability.toFixed(2)}, suggested strategy ${d.deployment.suggestedStrategy}`,
        ]
      : []),
    ...buckets.flatMap(([bucket, title]) => {
      const features = waiting.filter((f) => f.bucket === bucket);
      return features.length === 0
        ? []
        : ['', `${title} (${features.length})`, ...features.flatMap(describeFeature)];
    }),
    ...(shipped > 0 ? ['', `${shipped} on the base already`] : []),
    ...d.notes.map((note) => `note: ${note}`),
  ].map((line) => safeText(line, 500));
}

function describeFeature(f: Feature): string[] {
  const [low, high] = f.risk.interval;
  const needs = f.dependsOn.length > 0 ? `  needs ${f.dependsOn.map((d) => d.id).join(', ')}` : '';
  return [
    `  ${f.id.padEnd(24)} ${f.title}`,
    `  ${''.padEnd(24)} success ${f.risk.probability.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}, n=${f.risk.n})  +${f.additions} −${f.deletions}${needs}`,
    `  ${''.padEnd(24)} ${f.reason}`,
    ...seen(f).map((line) => `  ${''.padEnd(24)} ${line}`),
  ];
}

/** The first statements of each kind; `--json` has them all. */
function seen({ flags }: Feature): string[] {
  return groupedStatements(flags).map(({ flag, statements }) => {
    const more = statements.length - 3;
    return `${flag}: ${statements.slice(0, 3).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  });
}
