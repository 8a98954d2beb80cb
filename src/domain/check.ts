/** How one thing stands; from good to bad, but for what could not be looked at. */
export type CheckStatus = 'passed' | 'warning' | 'failed' | 'skipped';

/** One thing that was found, and how to mend it. */
export interface Finding {
  status: CheckStatus;
  /** A sentence, with the value. */
  detail: string;
  fix?: string;
}

/** A check that was made. */
export interface CheckResult {
  id: string;
  title: string;
  /** The worst of its findings. */
  status: CheckStatus;
  detail: string;
  fix: string | null;
  findings: Finding[];
}

export const passed = (detail: string): Finding => ({ status: 'passed', detail });
export const skipped = (detail: string): Finding => ({ status: 'skipped', detail });
export const warning = (detail: string, fix?: string): Finding => ({
  status: 'warning',
  detail,
  ...(fix === undefined ? {} : { fix }),
});
export const failed = (detail: string, fix?: string): Finding => ({
  status: 'failed',
  detail,
  ...(fix === undefined ? {} : { fix }),
});

const order: readonly CheckStatus[] = ['failed', 'warning', 'passed', 'skipped'];

/** The worst status of the findings; `skipped` where there are none. */
export function worst(findings: readonly Finding[]): CheckStatus {
  return order.find((status) => findings.some((finding) => finding.status === status)) ?? 'skipped';
}
