import type { Course, Group, Share } from './analysis.ts';
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

/** How far what was chosen was what was advised (M7). */
export interface Agreement {
  /** Of the features that were advised or chosen, those that were both; over time. */
  features: Course<Share>;
  /** Deployments that were chosen exactly as advised. */
  exactly: Share;
}
