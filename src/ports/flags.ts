import type { FlagProvider } from '../domain/flag.ts';

/** Whose change it is; kept beside the flag where its service has a place for that. */
export interface FlagAuthor {
  environment: string;
  deployment: string;
  fence: number;
  by: string;
  why: string;
}

/** A flag as its service has it: the percent of users who see it on; 0 is off, 100 is on. */
export interface FlagState {
  flag: string;
  percent: number;
}

/** Feature flags, wherever they are kept (REQUIREMENTS T1, C4). */
export interface FlagService {
  /**
   * What the service says at this moment; a flag it does not know is at 0 %. Throws codes `flag-unreadable`, and
   * `flag-foreign` where the flag is ruled by something that a percentage cannot say.
   */
  read(provider: FlagProvider, flag: string, signal?: AbortSignal): Promise<FlagState>;
  /**
   * Brings the flag to `percent`, whole numbers, and gives what the service then says when it is read anew. Done twice it
   * changes nothing. Throws code `fenced` (5) for a lower fence than the last seen, else as `read`, or `flag-unset`.
   */
  set(
    provider: FlagProvider,
    wanted: FlagState,
    author: FlagAuthor,
    signal?: AbortSignal,
  ): Promise<FlagState>;
}
