import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { SettingsFile } from '../ports/settings-file.ts';
import { editSettings } from './settings-edit.ts';
import { parseSettings, readSettingsText, settingsFileName } from './settings-file.ts';
import { checkSchedules } from './settings-schedules.ts';

/** The `orchestra.yaml` in `root`; a link is followed to the file it names, and stays one. */
export function openSettingsFile(root: string): SettingsFile {
  const file = path.join(root, settingsFileName);

  const read = () => readSettingsText(root);

  /** Also where this process may do anything: a file that nobody may write was made so on purpose. */
  async function whyNot(): Promise<string | undefined> {
    try {
      const real = await realpath(file);
      if (((await stat(real)).mode & 0o222) === 0) return `${settingsFileName} may only be read`;
      await access(real, constants.W_OK);
      await access(path.dirname(real), constants.W_OK);
      return undefined;
    } catch (error) {
      return `${settingsFileName} cannot be written: ${messageOf(error)}`;
    }
  }

  return {
    read,
    whyNot,
    async parse(text) {
      const settings = parseSettings(text, settingsFileName);
      await checkSchedules(settings, settingsFileName, Date.now());
      return settings;
    },
    edit: editSettings,
    async replace(from, to) {
      const why = await whyNot();
      if (why !== undefined)
        throw new OrchestraError('io', why, {
          exit: exitCode.io,
          hint: `Check the rights of ${settingsFileName} and its folder; nothing was changed.`,
        });
      const real = await realpath(file);
      const { mode } = await stat(real);
      if ((await read()) !== from)
        throw new OrchestraError(
          'settings-changed',
          `${settingsFileName} is not what the change was shown for`,
          {
            exit: exitCode.gateRefused,
            hint: 'Somebody changed it meanwhile; nothing was written. Look again, and decide then.',
          },
        );
      await writeFileAtomic(real, to, { mode: mode & 0o777 });
    },
  };
}
