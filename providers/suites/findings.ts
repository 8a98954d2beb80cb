import { z } from 'zod';
import { safeText } from '../../src/domain/safe-text.ts';
import { withoutSecrets } from '../../src/domain/without-secrets.ts';
import { severities, type Finding } from '../../src/domain/finding.ts';
import { NotRead, readWrittenJson } from './written-file.ts';

const maxBytes = 64 * 1024 * 1024;
/** The gravest are kept. */
const mostFindings = 200;

const message = z.object({ text: z.string().optional() }).optional();
const rule = z.object({
  id: z.string(),
  shortDescription: message,
  properties: z.object({ 'security-severity': z.union([z.string(), z.number()]).optional() }).optional(),
  defaultConfiguration: z.object({ level: z.string().optional() }).optional(),
});

/** What is read of SARIF 2.1.0 (OASIS): rules, results, where they are, and what was looked at and let be. */
const sarifSchema = z.object({
  version: z.string(),
  runs: z.array(
    z.object({
      tool: z.object({ driver: z.object({ name: z.string(), rules: z.array(rule).optional() }) }),
      results: z
        .array(
          z.object({
            ruleId: z.string().optional(),
            ruleIndex: z.number().int().optional(),
            level: z.string().optional(),
            kind: z.string().optional(),
            message,
            suppressions: z.array(z.unknown()).optional(),
            locations: z
              .array(
                z.object({
                  physicalLocation: z
                    .object({
                      artifactLocation: z.object({ uri: z.string().optional() }).optional(),
                      region: z.object({ startLine: z.number().optional() }).optional(),
                    })
                    .optional(),
                }),
              )
              .optional(),
          }),
        )
        .nullish(),
    }),
  ),
});
type Run = z.infer<typeof sarifSchema>['runs'][number];
type Rule = z.infer<typeof rule>;

/** What a scanner found, the gravest first. Throws `NotRead`. */
export async function readFindings(
  root: string,
  path: string,
  before: string | undefined,
): Promise<Finding[]> {
  const parsed = sarifSchema.safeParse(await readWrittenJson(root, path, before, maxBytes));
  if (!parsed.success) throw new NotRead('it is no SARIF 2.1.0');
  if (parsed.data.runs.length === 0) throw new NotRead('it holds no run of a scanner');
  return parsed.data.runs
    .flatMap(findingsOf)
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .slice(0, mostFindings);
}

function findingsOf({ tool, results }: Run): Finding[] {
  const { rules = [] } = tool.driver;
  const byId = new Map(rules.map((one) => [one.id, one]));
  return (results ?? []).flatMap((result): Finding[] => {
    const notFound = result.kind !== undefined && result.kind !== 'fail' && result.kind !== 'open';
    if (notFound || (result.suppressions?.length ?? 0) > 0) return [];
    const about = byId.get(result.ruleId ?? '') ?? rules[result.ruleIndex ?? -1];
    const where = result.locations?.[0]?.physicalLocation;
    const uri = where?.artifactLocation?.uri;
    const line = where?.region?.startLine;
    const id = result.ruleId ?? about?.id ?? tool.driver.name;
    const said = result.message?.text ?? about?.shortDescription?.text ?? '';
    return [
      {
        severity: severityOf(result.level, about),
        // A scanner for secrets may quote what it found.
        title: safeText(withoutSecrets(`${id}: ${said}`), 200),
        ...(uri === undefined
          ? {}
          : { place: safeText(`${uri}${line === undefined ? '' : `:${line}`}`, 200) }),
      },
    ];
  });
}

/** The score where there is one, by the bounds of CVSS 3.1 (section 5); else what SARIF calls a level. */
function severityOf(level: string | undefined, about: Rule | undefined): Finding['severity'] {
  const score = Number(about?.properties?.['security-severity'] ?? Number.NaN);
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  if (score >= 4) return 'moderate';
  if (score > 0) return 'low';
  switch (level ?? about?.defaultConfiguration?.level ?? 'warning') {
    case 'error':
      return 'high';
    case 'warning':
      return 'moderate';
    case 'note':
      return 'low';
    default:
      return 'info';
  }
}
