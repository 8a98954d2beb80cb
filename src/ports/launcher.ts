/** Starts conductors: detached processes that outlive whoever asked for them. */
export interface ConductorLauncher {
  launch(deployment: string): void;
}
