import { z } from 'zod';
import { type Finding, findingSeveritySchema } from '../../src/domain/finding.ts';
import { parseJson } from '../../src/domain/parse-json.ts';
import { safeText } from '../../src/domain/safe-text.ts';

/** What is kept of an audit. */
const mostFindings = 500;

function finding(severity: unknown, title: string): Finding {
  const known = findingSeveritySchema.safeParse(severity === 'medium' ? 'moderate' : severity);
  // What names no severity is taken as grave.
  return { severity: known.data ?? 'high', title: safeText(title, 200) };
}

const npmSchema = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      severity: z.string(),
      range: z.string().default(''),
      via: z.array(z.union([z.string(), z.object({ title: z.string().default('') })])).default([]),
    }),
  ),
});

/** `npm audit --json` (npm 7 and newer). */
export function readNpmAudit(text: string): Finding[] | undefined {
  const parsed = npmSchema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return Object.entries(parsed.data.vulnerabilities)
    .slice(0, mostFindings)
    .map(([name, { severity, range, via }]) => {
      const [first] = via;
      const why = first === undefined ? '' : typeof first === 'string' ? `by ${first}` : first.title;
      return finding(severity, `${name} ${range}: ${why}`);
    });
}

const advisorySchema = z.object({
  severity: z.string(),
  module_name: z.string(),
  title: z.string().default(''),
});

/** `pnpm audit --json`. */
export function readPnpmAudit(text: string): Finding[] | undefined {
  const schema = z.object({ advisories: z.record(z.string(), advisorySchema) });
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return Object.values(parsed.data.advisories)
    .slice(0, mostFindings)
    .map(({ severity, module_name, title }) => finding(severity, `${module_name}: ${title}`));
}

/** `yarn audit --json` (yarn 1): a JSON a line, the last one the summary. */
export function readYarnAudit(text: string): Finding[] | undefined {
  const lines = text.split('\n').map((line) => parseJson(line));
  const summary = z.object({ type: z.literal('auditSummary') });
  if (!lines.some((line) => summary.safeParse(line).success)) return undefined;
  const schema = z.object({ type: z.literal('auditAdvisory'), data: z.object({ advisory: advisorySchema }) });
  const found = lines.flatMap((line) => {
    const advisory = schema.safeParse(line).data?.data.advisory;
    return advisory ? [finding(advisory.severity, `${advisory.module_name}: ${advisory.title}`)] : [];
  });
  // One advisory comes once for every way it is depended on.
  return [...new Map(found.map((one) => [one.title, one])).values()].slice(0, mostFindings);
}

/** `pip-audit --format json`; it names no severities. */
export function readPipAudit(text: string): Finding[] | undefined {
  const vulnerable = z.object({ name: z.string(), vulns: z.array(z.object({ id: z.string() })).default([]) });
  const parsed = z.object({ dependencies: z.array(vulnerable) }).safeParse(parseJson(text));
  return parsed.data?.dependencies
    .flatMap(({ name, vulns }) => vulns.map(({ id }) => finding(undefined, `${name}: ${id}`)))
    .slice(0, mostFindings);
}

/** `cargo audit --json`; it names no severities that can be compared. */
export function readCargoAudit(text: string): Finding[] | undefined {
  const entry = z.object({
    advisory: z.object({ id: z.string(), title: z.string().default('') }),
    package: z.object({ name: z.string() }),
  });
  const schema = z.object({ vulnerabilities: z.object({ list: z.array(entry) }) });
  return schema
    .safeParse(parseJson(text))
    .data?.vulnerabilities.list.map((one) =>
      finding(undefined, `${one.package.name}: ${one.advisory.id} ${one.advisory.title}`),
    )
    .slice(0, mostFindings);
}
