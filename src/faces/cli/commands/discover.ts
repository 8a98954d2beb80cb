import { chanceText, surenessText } from '../../../domain/chance.ts';
import { counted } from '../../../domain/counted.ts';
import { explainReason } from '../../../domain/dependencies.ts';
import { exitCode } from '../../../domain/errors.ts';
import type { Bucket, Discovery, Feature } from '../../../domain/feature.ts';
import { groupedStatements } from '../../../domain/statements.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { noteLearning } from './learn.ts';

const buckets: readonly [Bucket, string][] = [
  ['must', 'MUST INCLUDE'],
  ['recommended', 'RECOMMENDED'],
  ['optional', 'OPTIONAL'],
  ['not_recommended', 'NOT RECOMMENDED'],
];

/** `discover`: what waits, in its buckets, each with its reason. */
export async function discover(context: Context, options: { base?: string; head?: string }): Promise<number> {
  const { orchestrator, output } = context;
  if (output.json) {
    await output.document(orchestrator.discoverJson(options));
    return exitCode.done;
  }
  const discovery = await orchestrator.discover(options);
  const saved = await orchestrator.savedSelection();
  const taken = saved && (await orchestrator.takeUp(discovery, saved));
  output.text(describe(discovery, new Set(taken?.fresh)));
  await orchestrator.startWarmStart(discovery);
  await noteLearning(context);
  for (const line of taken?.told ?? []) output.note(`note: ${safeText(line, 500)}`);
  return exitCode.done;
}

function describe(d: Discovery, fresh: ReadonlySet<string>): string[] {
  const waiting = d.features.filter((f) => f.onBase !== true);
  const shipped = d.features.length - waiting.length;
  return [
    `${d.head.ref} (${d.head.sha.slice(0, 12)}) against ${d.base.ref} (${d.base.sha.slice(0, 12)}): ${counted(waiting.length, 'feature waits', 'features wait')}`,
    ...(waiting.some((f) => f.bucket === 'must' || f.bucket === 'recommended')
      ? [
          `All recommended together: risk ${d.deployment.risk.toUpperCase()}, success ${chanceOf(d.deployment)}, suggested strategy ${d.deployment.suggestedStrategy}${d.deployment.maxFeatures === undefined ? '' : `, at most ${d.deployment.maxFeatures} features`}`,
        ]
      : []),
    ...buckets.flatMap(([bucket, title]) => {
      const features = waiting.filter((f) => f.bucket === bucket);
      return features.length === 0
        ? []
        : [
            '',
            `${title} (${features.length})`,
            ...features.flatMap((f) => describeFeature(f, fresh.has(f.id))),
          ];
    }),
    ...(shipped > 0
      ? [
          '',
          `ON THE BASE ALREADY (${shipped})`,
          ...d.features.filter((f) => f.onBase === true).map((f) => `  ${f.id.padEnd(24)} ${f.title}`),
        ]
      : []),
    ...(fresh.size > 0 ? ['', `${fresh.size} new since you chose`] : []),
    ...d.notes.map((note) => `note: ${note}`),
  ].map((line) => safeText(line, 500));
}

/** `0.79 (0.33–0.96, n=1)`. */
function chanceOf({ probability, interval, n }: Discovery['deployment']): string {
  return interval && n !== undefined ? surenessText({ probability, interval, n }) : chanceText(probability);
}

function describeFeature(f: Feature, fresh: boolean): string[] {
  const [low, high] = f.risk.interval;
  const indent = `  ${''.padEnd(24)}`;
  return [
    `  ${f.id.padEnd(24)} ${fresh ? '(new) ' : ''}${f.title}`,
    `${indent} success ${chanceText(f.risk.probability)} (${chanceText(low)}–${chanceText(high)}, n=${f.risk.n})  +${f.additions} −${f.deletions}`,
    `${indent} ${f.reason}`,
    ...f.dependsOn.map((d) => {
      const why = d.because[0];
      return `${indent} needs ${d.id}${why ? `: ${explainReason(why)}` : ''}`;
    }),
    ...seen(f).map((line) => `${indent} ${line}`),
  ];
}

/** The first statements of each kind; `--json` has them all. */
function seen({ flags }: Feature): string[] {
  return groupedStatements(flags).map(({ flag, statements }) => {
    const more = statements.length - 3;
    return `${flag}: ${statements.slice(0, 3).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
  });
}
