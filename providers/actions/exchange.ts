import { request as plain, type IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { formatDuration } from '../../src/domain/duration.ts';

/** A page of a smoke test needs no more than this, bytes. */
const maxBytes = 1_000_000;

export interface Question {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: string | undefined;
  /** Milliseconds until the whole answer must be there. */
  timeoutMs: number;
}

export interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/**
 * One request on a connection of its own; redirects are not followed. Throws what prevented the whole answer: no
 * connection, more than a megabyte, or the time, however slowly the answer dripped.
 */
export function exchange(question: Question, signal: AbortSignal): Promise<Answer> {
  const { url, method, headers, body, timeoutMs } = question;
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? secure : plain)(url, {
      method,
      agent: false,
      signal,
      headers: { 'user-agent': 'orchestra-check', ...headers },
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`no whole answer within ${formatDuration(timeoutMs)}`)),
      timeoutMs,
    );
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(error);
    };
    request.on('error', fail);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('error', fail);
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) request.destroy(new Error(`the answer is larger than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      response.on('close', () => {
        if (!response.complete) fail(new Error('the answer broke off'));
      });
      response.on('end', () => {
        clearTimeout(timer);
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    request.end(body);
  });
}
