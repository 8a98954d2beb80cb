import type { Deployment } from '../../domain/deployment.ts';
import { blocks, code, md, table } from '../../domain/markdown.ts';
import { verificationChecks, verificationWords, type VerificationLook } from '../../domain/verification.ts';
import type { Document } from '../../ports/memory.ts';
import { instant } from './facts.ts';
import { shellWord } from './scripts.ts';

export const verificationReportName = 'VERIFICATION.md';
export const verificationLooksName = 'verification.ndjson';

const marks = { passed: '✔', failed: '✖', skipped: '–' } as const;

/** The most findings that are listed, the newest. */
const mostFindings = 100;

/** `VERIFICATION.md` and the looks it is made from (REQUIREMENTS C7, L2); a function of both. */
export function verificationPapers(d: Deployment, looks: readonly VerificationLook[]): Document[] {
  const checks = verificationChecks(d, looks);
  const failed = checks.filter(({ status }) => status === 'failed');
  const last = looks.at(-1);
  const findings = findingsOf(d, looks);
  return [
    { name: verificationLooksName, text: looks.map((look) => `${JSON.stringify(look)}\n`).join('') },
    {
      name: verificationReportName,
      text: blocks(
        `# Verification of deployment ${code(d.id)} in ${code(d.environment)}`,
        md(verificationWords(d, looks) ?? 'Nobody looked yet.', 2000),
        last
          ? `${looks.length} look${looks.length === 1 ? '' : 's'}, the last ${instant(last.at)}.`
          : undefined,
        '## As it was seen last',
        table(
          ['', 'What', 'Found'],
          checks.map(({ title, status, detail }) => [marks[status], md(title), md(detail, 500)]),
        ),
        failed.length > 0
          ? `Nothing is taken back by itself any more. To go back: ${code(`orchestrate deploy rollback --env ${shellWord(d.environment)}`)}.`
          : undefined,
        '## Findings so far',
        findings.length === 0
          ? 'None.'
          : table(
              ['From', 'To', 'What'],
              findings
                .slice(-mostFindings)
                .map(({ from, to, text }) => [instant(from), instant(to), md(text, 500)]),
            ),
      ),
    },
  ];
}

/** Each stretch of looks in which the same check failed. */
function findingsOf(
  d: Deployment,
  looks: readonly VerificationLook[],
): { from: string; to: string; text: string }[] {
  const open = new Map<string, { from: string; to: string; text: string }>();
  const all: { from: string; to: string; text: string }[] = [];
  for (const [i, look] of looks.entries()) {
    const failed = new Set<string>();
    for (const { id, title, status, detail } of verificationChecks(d, looks.slice(0, i + 1))) {
      if (status !== 'failed') continue;
      failed.add(id);
      const known = open.get(id);
      const text = `${title}: ${detail}`;
      if (known) Object.assign(known, { to: look.at, text });
      else {
        const finding = { from: look.at, to: look.at, text };
        open.set(id, finding);
        all.push(finding);
      }
    }
    for (const id of open.keys()) if (!failed.has(id)) open.delete(id);
  }
  return all;
}
