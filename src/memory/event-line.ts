import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { isJsonObject } from '../domain/json-object.ts';
import { envelopeSchema, eventSchema, eventTypes, type Event } from '../domain/event.ts';
import { parseJson } from '../domain/parse-json.ts';

/**
 * The last key of a line is its seal: the CRC-32 of the line without it. It tells every changed byte, and costs less than a
 * microsecond; journals of before have none.
 */
const seal = /^,"crc":"([0-9a-f]{8})"\}$/;
const sealLength = ',"crc":"00000000"}'.length;

const printed = (crc: number) => crc.toString(16).padStart(8, '0');

/** What a line of a journal is; `newer`: a later version of the program wrote it. */
export type EventLine =
  | { kind: 'event'; event: Event }
  | { kind: 'newer'; type: string }
  | { kind: 'damaged' };

/** An event as a line of its journal, sealed. */
export function printEvent(event: Event): string {
  const text = JSON.stringify(event);
  return `${text.slice(0, -1)},"crc":"${printed(crc32(text))}"}\n`;
}

const lineSchema = z.looseObject({ ...envelopeSchema.shape, type: z.string() });

/** What stands in a line of the journal of `deployment`, without its newline. Never throws. */
export function parseEvent(line: Buffer, deployment: string): EventLine {
  const sealed = seal.exec(line.toString('latin1', line.length - sealLength))?.[1];
  if (sealed !== undefined && !matches(line, sealed)) return { kind: 'damaged' };
  const data = parseJson(line.toString('utf8'));
  const parsed = eventSchema.safeParse(data);
  if (parsed.success && parsed.data.deployment === deployment) return { kind: 'event', event: parsed.data };
  const found = lineSchema.safeParse(data);
  if (!isJsonObject(data) || !found.success || found.data.deployment !== deployment)
    return { kind: 'damaged' };
  // A seal that fits proves that it stands as it was written: then this version is the one that does not understand.
  if (sealed !== undefined || !eventTypes.has(found.data.type))
    return { kind: 'newer', type: found.data.type };
  return { kind: 'damaged' };
}

function matches(line: Buffer, crc: string): boolean {
  const body = crc32('}', crc32(line.subarray(0, line.length - sealLength)));
  return printed(body) === crc;
}
