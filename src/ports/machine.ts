/** The machine that Orchestra runs on, for who only looks. Nothing of it is changed. */
export interface Machine {
  /** Node's version, as `20.19.0`. */
  readonly node: string;
  /** Names of the variables that are set. */
  hasVariable(name: string): boolean;
  /** What a program says when asked for its version, its first line; undefined where it cannot be run. */
  versionOf(program: string): Promise<string | undefined>;
  /** Where a program is found, as a shell would; `from` is where a path begins. Undefined where it is not. */
  find(program: string, from: string): Promise<string | undefined>;
  /** Bytes left on the disk that a folder is, or would be, on. */
  freeBytes(folder: string): Promise<number>;
  /** Whether files can be made in a folder, or it can be made. */
  writable(folder: string): Promise<boolean>;
  /** Bytes in a folder, with all below it; looks for so long at most, and says whether it saw all. */
  sizeOf(folder: string, ms: number): Promise<{ bytes: number; whole: boolean }>;
  /** Whether anything listens on a TCP port. */
  listens(host: string, port: number): Promise<boolean>;
  /** When a file was last written; undefined where there is none. */
  writtenAt(file: string): Promise<Date | undefined>;
}
