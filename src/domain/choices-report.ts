import type { Agreement, Group } from './analysis.ts';
import type { Leaning } from './choices-leanings.ts';

/** What was learned of people's choices, as `choices --json` tells it. */
export interface ChoicesReport {
  schema: 'orchestra/choices@1';
  /** Since when choices count, where they were cleared. */
  since: string | null;
  /** Deployments whose choice counts, and single changes that were decided in them. */
  deployments: number;
  changes: number;
  /** By the bucket in which each change stood by itself: how many were taken. */
  buckets: Group[];
  /** What moves the advice, then what is known beside; each with its line for people. */
  leanings: (Leaning & { text: string })[];
  agreement: Agreement;
}
