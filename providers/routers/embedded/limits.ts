/** Every time and size the embedded proxy goes by, in milliseconds and bytes. */
export const limits = {
  /** Silence of a rollout's conductor after which its traffic goes back to stable (DESIGN: dead man's switch). */
  deadManMs: 15_000,
  /** How long a health probe of stable may take before the switch counts it as not healthy. */
  probeMs: 2_000,
  /** How long a version may stay silent after it has the whole request; then 504, counted as its failure. */
  answerMs: 60_000,
  /** A user who leaves after this much silence was failed by the version, not merely gone. */
  patienceMs: 5_000,
  /** For so long after a copy took no connection the others of its version are asked first. */
  avoidMs: 1_000,
  /** How long a client may stall in the middle of its request body. */
  uploadStallMs: 60_000,
  /**
   * Idle time after which a connection to a version is not used again. Below every usual server's own limit
   * (Node 5 s, gunicorn 2 s), so that a request never meets a connection that is just being closed.
   */
  idleUpstreamMs: 1_000,
  /** Idle time granted to users' connections; above the 60 s that load balancers in front assume. */
  idleClientMs: 65_000,
  /** How long requests under way may take to end when the proxy is asked to stop. */
  stopMs: 5_000,
  /** How often stalls are looked for. */
  sweepMs: 1_000,
  requestHeaderBytes: 32 * 1024,
  responseHeaderBytes: 64 * 1024,
  /** Answers up to this size may go out in one write with their headers. */
  heldBytes: 16 * 1024,
  controlBodyBytes: 64 * 1024,
  /** For so long after a failure that counted, more failures of the same client are the same observation. */
  oneClientMs: 10_000,
  /** Clients remembered for that. */
  failingClients: 4096,
  /** An answer that took longer counts as slow for its route (REQUIREMENTS G3: p95 below 500 ms). */
  slowMs: 500,
  /** Versions no longer routed whose counts are kept for readers. */
  keptVersions: 16,
} as const;

/** How long silence is borne, of versions and of users. */
export type Patience = Readonly<Record<'answerMs' | 'patienceMs' | 'uploadStallMs', number>>;
