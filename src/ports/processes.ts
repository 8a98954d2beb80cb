/** A process, told apart from a later one with the same pid by the kernel's start time. */
export interface ProcessIdentity {
  pid: number;
  startTime: string;
}

export interface Processes {
  /** This process. */
  self(): ProcessIdentity;
  /** Whether that very process still runs; a zombie does not. */
  isAlive(identity: ProcessIdentity): boolean;
}
