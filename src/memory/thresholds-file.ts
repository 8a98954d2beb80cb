import { open } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { measureSettingsSchema } from '../domain/measure-settings.ts';
import { safeText } from '../domain/safe-text.ts';
import { thresholdsSchema } from '../domain/settings.ts';

/** Far above what a person writes, in bytes. */
const maxBytes = 1_000_000;

const fileSchema = z.strictObject({
  thresholds: thresholdsSchema.prefault({}),
  metrics: z.array(measureSettingsSchema).optional(),
});
export type ThresholdsFile = z.infer<typeof fileSchema>;

/**
 * What a file says to judge with: `thresholds` and `metrics` as an environment of `orchestra.yaml` has them, or the
 * thresholds alone. Throws code `bad-config` (78) naming the first thing wrong with it.
 */
export async function readThresholds(file: string): Promise<ThresholdsFile> {
  const bad = (what: string) =>
    new OrchestraError('bad-config', safeText(`${file}: ${what}`, 500), {
      exit: exitCode.config,
      hint: 'It holds what stands under `thresholds` and `metrics` of an environment in orchestra.yaml.',
    });
  let data: unknown;
  try {
    data = parse(await textOf(file), { maxAliasCount: 100, stringKeys: true });
  } catch (error) {
    throw bad(messageOf(error));
  }
  const whole = typeof data === 'object' && data !== null && ('thresholds' in data || 'metrics' in data);
  const parsed = fileSchema.safeParse(whole ? data : { thresholds: data ?? {} });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw bad(`${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
}

async function textOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size > maxBytes) throw new Error(`not a file of at most ${maxBytes} bytes`);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}
