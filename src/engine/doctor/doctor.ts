import { failed, worst, type CheckResult, type Finding } from '../../domain/check.ts';
import { OrchestraError, messageOf } from '../../domain/errors.ts';
import { safeText } from '../../domain/safe-text.ts';

/** How long one check may take, in milliseconds; all run at the same time. */
const patienceMs = 5000;

/** Findings that a result names in its detail; the others are counted. */
const named = 5;

/** Something that is looked at. It changes nothing. */
export interface Check {
  /** `part.thing`; stays the same. */
  id: string;
  title: string;
  run(): Promise<Finding | readonly Finding[]>;
}

/** Runs every check beside the others: none throws, none waits for ever, and none keeps another from being told. */
export function runChecks(checks: readonly Check[], ms = patienceMs): Promise<CheckResult[]> {
  return Promise.all(checks.map((check) => runOne(check, ms)));
}

async function runOne(check: Check, ms: number): Promise<CheckResult> {
  const { id, title } = check;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding>((resolve) => {
    timer = setTimeout(
      () =>
        resolve(
          failed(
            `it took longer than ${ms / 1000} s to look at`,
            'Run doctor again; the disk or a service may be slow.',
          ),
        ),
      ms,
    );
  });
  try {
    const found = await Promise.race([check.run(), late]);
    return resultOf(id, title, 'status' in found ? [found] : [...found]);
  } catch (error) {
    const hint = error instanceof OrchestraError ? error.hint : undefined;
    return resultOf(id, title, [failed(`it could not be looked at: ${messageOf(error)}`, hint)]);
  } finally {
    clearTimeout(timer);
  }
}

function resultOf(id: string, title: string, found: readonly Finding[]): CheckResult {
  const findings = found.map(({ status, detail, fix }) => ({
    status,
    detail: safeText(detail, 500),
    ...(fix === undefined ? {} : { fix: safeText(fix, 500) }),
  }));
  const status = worst(findings);
  const telling = findings.filter((finding) => finding.status === status);
  const fixes = [
    ...new Set(
      findings.flatMap(({ status: each, fix }) => (each === 'passed' || fix === undefined ? [] : [fix])),
    ),
  ];
  return {
    id,
    title,
    status,
    detail: summed(telling.map(({ detail }) => detail)),
    fix: fixes.length === 0 ? null : summed(fixes),
    findings,
  };
}

function summed(sentences: readonly string[]): string {
  const more = sentences.length - named;
  return [...sentences.slice(0, named), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
