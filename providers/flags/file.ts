import { readFile, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../../src/domain/errors.ts';
import type { FlagProvider } from '../../src/domain/flag.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { writeFileAtomic } from '../runtime/atomic-file.ts';
import { hasCode } from '../runtime/errno.ts';
import { withFileLock } from '../runtime/file-lock.ts';

type FileProvider = Extract<FlagProvider, { kind: 'file' }>;

/** Far above what flags of one service take. */
const maxBytes = 5_000_000;

const fractionSchema = z.strictObject({
  fractional: z.tuple([
    z.tuple([z.string(), z.number().int().min(0).max(100)]),
    z.tuple([z.string(), z.number().int().min(0).max(100)]),
  ]),
});

const flagSchema = z.looseObject({
  state: z.enum(['ENABLED', 'DISABLED']),
  variants: z.record(z.string(), z.unknown()),
  defaultVariant: z.string().nullish(),
  targeting: z.union([fractionSchema, z.strictObject({})]).optional(),
});

const fileSchema = z.looseObject({ flags: z.record(z.string(), z.unknown()) });

const emptyFile = { $schema: 'https://flagd.dev/schema/v0/flags.json', flags: {} };

/** The percent of users to whom flagd gives the variant `on` of a flag in this file; 0 where there is no such flag. */
export async function readFlagFile(provider: FileProvider, root: string, flag: string): Promise<number> {
  const { file, json } = await load(provider, root);
  return percentOf(flagIn(json.flags, flag, file), provider, flag, file);
}

/** Brings a flag of the file to `percent` and leaves everything else in it as it is; one process at a time. */
export async function writeFlagFile(
  provider: FileProvider,
  root: string,
  flag: string,
  percent: number,
): Promise<void> {
  const { file } = await load(provider, root);
  await withFileLock(path.join(path.dirname(file), `.${path.basename(file)}.lock`), async () => {
    const { json, mode } = await load(provider, root);
    const before = flagIn(json.flags, flag, file);
    if (before && percentOf(before, provider, flag, file) === percent && before.state === 'ENABLED') return;
    const { on, off } = provider;
    const { targeting: _, ...kept } = before ?? {
      state: 'ENABLED',
      variants: { [on]: true, [off]: false },
      defaultVariant: off,
    };
    const next = {
      ...kept,
      state: 'ENABLED',
      // Whoever has no targeting key falls back to this one.
      defaultVariant: percent === 100 ? on : off,
      ...(percent > 0 && percent < 100
        ? {
            targeting: {
              fractional: [
                [on, percent],
                [off, 100 - percent],
              ],
            },
          }
        : {}),
    };
    const text = JSON.stringify({ ...json, flags: { ...json.flags, [flag]: next } }, null, 2);
    await writeFileAtomic(file, `${text}\n`, mode === undefined ? {} : { mode });
  });
}

async function load(
  provider: FileProvider,
  root: string,
): Promise<{ file: string; json: z.infer<typeof fileSchema>; mode: number | undefined }> {
  const named = path.resolve(root, provider.path);
  try {
    // A link is followed: what is replaced is the file that the service reads.
    const file = await realpath(named);
    const { size, mode } = await stat(file);
    if (size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
    return { file, json: fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))), mode: mode & 0o777 };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { file: named, json: emptyFile, mode: undefined };
    throw new OrchestraError('flag-unreadable', `the flags in ${named} cannot be read: ${firstLine(error)}`, {
      hint: 'it must be a JSON file in flagd’s format: {"flags": {…}}',
      exit: exitCode.io,
      cause: error,
    });
  }
}

function flagIn(flags: Record<string, unknown>, flag: string, file: string) {
  if (!Object.hasOwn(flags, flag)) return undefined;
  const parsed = flagSchema.safeParse(flags[flag]);
  if (parsed.success) return parsed.data;
  throw foreign(flag, file, 'it has a targeting rule of its own, or another form than flagd’s');
}

function percentOf(
  flag: z.infer<typeof flagSchema> | undefined,
  { on, off }: FileProvider,
  name: string,
  file: string,
): number {
  if (!flag) return 0;
  for (const variant of [on, off])
    if (!Object.hasOwn(flag.variants, variant)) throw foreign(name, file, `it has no variant "${variant}"`);
  if (flag.state === 'DISABLED') return 0;
  if (!flag.targeting || !('fractional' in flag.targeting)) {
    if (flag.defaultVariant === on) return 100;
    if (flag.defaultVariant === off) return 0;
    throw foreign(name, file, `its default is neither "${on}" nor "${off}"`);
  }
  const [[first, share], [second, rest]] = flag.targeting.fractional;
  if (first === on && second === off && share + rest === 100) return share;
  throw foreign(name, file, 'its fractions are not those of a percentage');
}

function foreign(flag: string, file: string, why: string): OrchestraError {
  return new OrchestraError(
    'flag-foreign',
    `the flag ${flag} in ${file} is not one to raise by percent: ${why}`,
    {
      hint: 'name another flag, or its variants as `on` and `off`, or take the targeting rule out',
      exit: exitCode.config,
    },
  );
}

function firstLine(error: unknown): string {
  return safeText(messageOf(error).split('\n', 1)[0] ?? '', 200);
}
