import type { Deployment } from '../../domain/deployment.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import { statementsOf } from '../../domain/statements.ts';
import { bucketNames, marksOf } from './facts.ts';
import { blocks, bullets, code, md, table } from '../../domain/markdown.ts';

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function why(feature: ShippedFeature): string {
  if (feature.pulledIn) return 'another feature here cannot ship without it';
  return `${bucketNames[feature.bucket]}; success ${percent(feature.risk.probability)}`;
}

/** The features that ship, why each does, and what makes each risky. */
export function featuresSection({ source }: Deployment): string {
  const { features } = source;
  if (features.length === 0)
    return 'No feature list: an existing revision is deployed as it is, and what it holds was not compared.';
  const rows = features.map((feature) => [
    feature.pullRequest === undefined ? code(feature.id) : `#${feature.pullRequest}`,
    md(feature.title, 100),
    feature.type,
    `+${feature.additions} −${feature.deletions} in ${feature.fileCount}`,
    why(feature),
    marksOf(feature).join(', ') || '–',
  ]);
  const factors = features
    .filter(({ risk }) => risk.level !== 'low' && risk.factors.length > 0)
    .map(
      ({ title, risk }) =>
        `**${md(title, 100)}** (${risk.level} risk): ${risk.factors
          .slice(0, 4)
          .map((factor) => md(factor.text, 200))
          .join('; ')}`,
    );
  const seen = features
    .map(({ title, flags }) => ({ title, statements: statementsOf(flags) }))
    .filter(({ statements }) => statements.length > 0)
    .map(
      ({ title, statements }) => `**${md(title, 100)}**: ${statements.map((one) => md(one, 200)).join('; ')}`,
    );
  return blocks(
    table(['Feature', 'What', 'Type', 'Lines, files', 'Why it ships', 'Marks'], rows),
    seen.length > 0 ? `What they change beyond code:\n\n${bullets(seen)}` : undefined,
    factors.length > 0 ? `What deserves a second look:\n\n${bullets(factors)}` : undefined,
  ).trimEnd();
}

/** The commits that make up the candidate, oldest first within each feature. */
export function commitsSection({ source }: Deployment): string | undefined {
  const rows = source.features.flatMap((feature) =>
    feature.commits.map((sha) => [
      code(sha.slice(0, 12)),
      md(feature.title, 100),
      md(feature.authors.join(', '), 100),
    ]),
  );
  if (rows.length === 0) return undefined;
  const shown = rows.slice(0, 200);
  return blocks(
    table(['Commit', 'Feature', 'Authors'], shown),
    rows.length > shown.length ? `… and ${rows.length - shown.length} more.` : undefined,
  ).trimEnd();
}
