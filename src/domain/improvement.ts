import type { DiffLine } from './line-diff.ts';

/** What an edit of `orchestra.yaml` writes. */
export type EditValue =
  | string
  | number
  | boolean
  | readonly EditValue[]
  | { readonly [key: string]: EditValue };

/** A place of the settings, as keys and places in lists: `['suites', 0, 'retries']`. */
export type EditPath = readonly (string | number)[];

/** One change of `orchestra.yaml`: a value that is set, or where it has none, an item of a list that goes. */
export interface SettingEdit {
  path: EditPath;
  /** Absent: what stands at `path`, an item of a list, goes. */
  value?: EditValue;
}

/** What sort of waste or weakness it is about. */
export const improvementKinds = ['suite', 'flaky', 'phase', 'approval', 'by-hand', 'threshold'] as const;
export type ImprovementKind = (typeof improvementKinds)[number];

/** How often something was so: `count` of `n` of what `of` names, with the 90 % Wilson interval of the share. */
export interface ImprovementRate {
  count: number;
  n: number;
  interval: [number, number];
  of: string;
}

/** One thing that past deployments say could be done better, as it was found. */
export interface FoundImprovement {
  /** The same as long as it is the same thing; what `improve apply` is told. */
  id: string;
  kind: ImprovementKind;
  /** Null where it concerns all of them. */
  environment: string | null;
  /** What was found, in a sentence. */
  title: string;
  /** How it is known, each a sentence with its n. */
  evidence: string[];
  /** Deployments, runs or rollouts it is said from. */
  n: number;
  rate?: ImprovementRate;
  /** Milliseconds a deployment would take less, as the record has it; absent where that cannot be told. */
  savesMs?: number;
  /** What to do, in a sentence. */
  suggestion: string;
  /** The same as changes of `orchestra.yaml`; none where no setting does it. */
  edits: SettingEdit[];
  /** What it gives up, each a sentence; empty where nothing is weakened. */
  weakens: string[];
}

/** A change of `orchestra.yaml` as it would be made. */
export interface ImprovementChange {
  /** SHA-256 of the file it was made from: another one is not touched. */
  hash: string;
  diff: DiffLine[];
}

/** A finding with what applying it would do; `whyNot` where it cannot be applied. */
export interface Improvement extends FoundImprovement {
  change?: ImprovementChange;
  whyNot?: string;
}

/** Everything that was found. */
export interface Improvements {
  schema: 'orchestra/improvements@1';
  /** The environment it is about; null for all of them. */
  environment: string | null;
  /** How many of the newest deployments were looked at. */
  looked: number;
  /** Most time saved first, then the best evidenced. */
  improvements: Improvement[];
}
