/**
 * Results that can be computed again, kept between runs and shared by processes. Anything may be gone at any time, and
 * nothing here is the only copy of anything.
 */
export interface Cache {
  /** What is kept of these keys under this kind, by key; damage reads as absence. */
  load(kind: string, keys: ReadonlySet<string>): Promise<Map<string, Buffer>>;
  /** Keeps these values; where that fails (a full disk) nothing is kept, and nothing is thrown. */
  save(kind: string, entries: ReadonlyMap<string, string>): Promise<void>;
  /** One large value, found without a look at others; undefined when it is not kept. */
  recall(kind: string, key: string): Promise<Buffer | undefined>;
  /** Keeps one large value; of a kind only the last few are. Throws nothing. */
  remember(kind: string, key: string, value: string): Promise<void>;
}
