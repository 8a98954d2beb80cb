import type { Finding } from '../domain/check.ts';

/** How much of the history is looked at: the newest so many, or all of it. */
export interface HowMuch {
  /** Deployments, newest first. */
  newest: number;
}

/** The memory as its files are, looked at without changing any of them. Every method throws the system's errors. */
export interface Inspection {
  /** The memory's folder and what stands in it: rights, links that lead elsewhere. Undefined where there is no memory yet. */
  folder(): Promise<Finding[] | undefined>;
  documents(): Promise<Finding[]>;
  journals(much: HowMuch): Promise<Finding[]>;
  records(much: HowMuch): Promise<Finding[]>;
  /** The index, patterns and what runs where, beside what they follow from. */
  derived(): Promise<Finding[]>;
  /** What killed writers left behind. */
  leftovers(): Promise<Finding[]>;
  /** Files that did not parse and were set aside. */
  setAside(): Promise<Finding[]>;
  /** Removes leftovers and derives anew what can be; sentences of what was done. Touches nothing a person wrote. */
  mend(): Promise<string[]>;
}
