import http from 'node:http';
import path from 'node:path';
import type { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { isPlaceKey } from '../../../src/domain/place-key.ts';
import { isAlive } from '../../runtime/processes.ts';
import { findState } from '../../runtime/state-file.ts';
import { type ProxyRecord, proxyRecordSchema, refusalSchema } from './protocol.ts';

/** The folder that holds everything of one environment's proxy. Throws code `bad-environment` for a name that could leave it. */
export function folderOf(stateDir: string, environment: string): string {
  if (!isPlaceKey(environment)) {
    throw new OrchestraError('bad-environment', `"${environment}" is not the name of an environment`, {
      hint: 'Use lower-case letters, digits, "-" and "_".',
      exit: 2,
    });
  }
  return path.join(stateDir, 'env', environment);
}

/** The record of the environment's proxy, if that very process still runs. */
export async function findProxy(folder: string): Promise<ProxyRecord | undefined> {
  const found = await findState(path.join(folder, 'proxy.json'), proxyRecordSchema);
  if (found.kind !== 'value') return undefined;
  return isAlive(found.value) ? found.value : undefined;
}

/** `findProxy`, for calls that make no sense without one. Throws code `router-down`. */
export async function requireProxy(folder: string): Promise<ProxyRecord> {
  const record = await findProxy(folder);
  if (record) return record;
  throw new OrchestraError('router-down', `no proxy runs for ${path.basename(folder)}`, {
    hint: 'A deployment starts it again with its last routes; `orchestrate doctor` shows what runs.',
    details: { environment: path.basename(folder) },
  });
}

export interface ControlCall<T> {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  body?: unknown;
  answer: z.ZodType<T>;
  timeoutMs: number;
}

/**
 * One control request. Throws the proxy's own refusal as `OrchestraError` with its code (`fenced`, `bad-change`,
 * `bad-request`), and `router-down` when it does not answer in `timeoutMs` or not as agreed.
 */
export async function callProxy<T>(record: ProxyRecord, call: ControlCall<T>): Promise<T> {
  const { status, text } = await exchange(record, call);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw down(record, 'its answer is not JSON');
  }
  if (status !== 200) {
    const refusal = refusalSchema.safeParse(value);
    if (!refusal.success) throw down(record, `it answered ${status}`);
    const { code, message } = refusal.data.error;
    throw new OrchestraError(code, `the proxy refused: ${message}`, {
      hint:
        code === 'fenced'
          ? 'Another process holds the environment now; this one must stop acting for it.'
          : 'Check the values of the request; nothing was changed.',
      details: { pid: record.pid, status },
    });
  }
  const parsed = call.answer.safeParse(value);
  if (!parsed.success) throw down(record, 'its answer has another form than agreed');
  return parsed.data;
}

function exchange(
  record: ProxyRecord,
  call: ControlCall<unknown>,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const text = call.body === undefined ? undefined : JSON.stringify(call.body);
    const request = http.request({
      host: '127.0.0.1',
      port: record.controlPort,
      method: call.method,
      path: call.path,
      agent: false,
      headers: {
        Authorization: `Bearer ${record.token}`,
        Connection: 'close',
        ...(text === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
      },
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no answer in ${call.timeoutMs} ms`)),
      call.timeoutMs,
    );
    const failed = (error: Error) => {
      clearTimeout(timer);
      reject(down(record, error.message, error));
    };
    request.on('error', failed);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', failed);
      response.on('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.end(text);
  });
}

function down(record: ProxyRecord, why: string, cause?: unknown): OrchestraError {
  return new OrchestraError('router-down', `the proxy (pid ${record.pid}) cannot be reached: ${why}`, {
    hint: 'A deployment starts it again with its last routes; its log is proxy.log in the state folder.',
    details: { pid: record.pid, controlPort: record.controlPort },
    cause,
  });
}
