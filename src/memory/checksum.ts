import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject } from '../domain/json-object.ts';

/**
 * Documents that only this program writes carry a checksum of themselves, their last key: a changed byte may leave good JSON
 * behind. What a person writes has none, and a document without one is as good as ever.
 */
function checksumOf(document: JsonObject): string {
  return `sha256:${createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 32)}`;
}

/** A document as JSON, with its checksum; what is no object as it is. */
export function withChecksum(document: unknown): unknown {
  // As it will be read again: without what JSON leaves out.
  const printed: unknown = JSON.parse(JSON.stringify(document));
  if (!isJsonObject(printed)) return printed;
  const { checksum: _, ...rest } = printed;
  return { ...rest, checksum: checksumOf(rest) };
}

/** Whether what was read is what was written, as far as its checksum tells. */
export function checksumFits(data: unknown): boolean {
  if (!isJsonObject(data) || !('checksum' in data)) return true;
  const { checksum, ...document } = data;
  return checksum === checksumOf(document);
}
