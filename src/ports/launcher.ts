/** Starts conductors: detached processes that outlive whoever asked for them. */
export interface ConductorLauncher {
  launch(deployment: string): void;
  /** Whether the conductor that this process launched last for it has ended again; false where it launched none. */
  hasEnded(deployment: string): boolean;
}
