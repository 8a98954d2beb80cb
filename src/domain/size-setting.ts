import { z } from 'zod';

const pattern = /^(\d{1,6}(?:\.\d{1,3})?) ?(MB|GB)$/u;

/** Bytes of `512MB` or `1.5 GB` (of 1024 each); undefined for anything else, and for nothing. */
export function parseSize(text: string): number | undefined {
  const [, amount, unit] = pattern.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * 1024 ** (unit === 'GB' ? 3 : 2));
  return bytes > 0 ? bytes : undefined;
}

/** `612 MB`. */
export function formatSize(bytes: number): string {
  const mb = bytes / 1024 ** 2;
  return `${mb >= 100 ? Math.round(mb) : Number(mb.toPrecision(2))} MB`;
}

/** Bytes as `parseSize` reads them: `300MB`, `1.5GB`. */
export function writtenSize(bytes: number): string {
  const [mb, gb] = [bytes / 1024 ** 2, bytes / 1024 ** 3];
  const whole = gb >= 1 && Number.isInteger(4 * gb);
  return whole ? `${gb}GB` : `${Number(mb.toFixed(3))}MB`;
}

/** A size in `orchestra.yaml` (`512MB`, `1.5GB`), kept as bytes once parsed. */
export const size = z
  .string()
  .meta({ title: 'size', pattern: pattern.source })
  .refine((text) => parseSize(text) !== undefined, 'a size such as 512MB or 1.5GB')
  .transform((text) => parseSize(text) ?? 0);
