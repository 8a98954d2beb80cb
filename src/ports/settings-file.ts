import type { SettingEdit } from '../domain/improvement.ts';
import type { Settings } from '../domain/settings.ts';

/** `orchestra.yaml` as a file that can be changed. */
export interface SettingsFile {
  /** Its text. Throws code `no-config` (78), `bad-config` (78). */
  read(): Promise<string>;
  /** What a text says, or throws `bad-config` (78) with every problem. */
  parse(text: string): Promise<Settings>;
  /** A text with these changes and no others. Throws `cannot-edit` (78). */
  edit(text: string, edits: readonly SettingEdit[]): string;
  /** Why it could not be replaced now; undefined where nothing is known against it. */
  whyNot(): Promise<string | undefined>;
  /**
   * Replaces the file in one step, where it still is what `from` says. Throws `settings-changed` (4) where it is not, and `io` (74)
   * where it may not be written.
   */
  replace(from: string, to: string): Promise<void>;
}
