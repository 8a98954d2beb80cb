/** The files of a user's project, as `init` looks at them; contents are not to be trusted. */
export interface ProjectFiles {
  /** Paths with `/`, relative to the root: what git tracks, or would. */
  list(): Promise<string[]>;
  /** A file's text; undefined where there is none, or it is no text or too large to be source. */
  read(path: string): Promise<string | undefined>;
}
