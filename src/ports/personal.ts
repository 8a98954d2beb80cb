/** What a person chose for their own terminal on this machine; what is missing was never chosen. */
export interface Personal {
  /** The tour was shown to its end, or sent away. */
  tourSeen?: boolean;
  theme?: string;
  /** Only characters of ASCII are drawn. */
  ascii?: boolean;
  mouse?: boolean;
}

/** Where that is kept. Nothing in here throws: who has no place to keep it is shown the defaults. */
export interface PersonalFile {
  read(): Personal;
  /** Keeps these beside what is there already; false where that could not be done. */
  keep(part: Personal): boolean;
}
