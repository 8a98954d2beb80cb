import net from 'node:net';

export interface LoadOptions {
  port: number;
  connections: number;
  /** Ends after this many answers; without it, when the signal is aborted. */
  requests?: number;
  signal?: AbortSignal;
}

export interface LoadResult {
  answers: number;
  /** Other statuses than 200, broken and missing answers. */
  failed: number;
  /** Answers by their body, which is the version's name. */
  byVersion: Map<string, number>;
  seconds: number;
}

const question = 'GET / HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n';

/**
 * Keeps `connections` kept-alive connections busy, one request at a time each. It reads just enough of HTTP for short
 * answers with a Content-Length, so that it costs little beside what it measures.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = { answers: 0, failed: 0, byVersion: new Map(), seconds: 0 };
  let left = options.requests ?? Number.POSITIVE_INFINITY;
  const startedAt = performance.now();
  const take = () => {
    if (left <= 0 || options.signal?.aborted) return false;
    left--;
    return true;
  };
  await Promise.all(Array.from({ length: options.connections }, () => drive(options.port, take, result)));
  result.seconds = (performance.now() - startedAt) / 1000;
  return result;
}

function drive(port: number, take: () => boolean, result: LoadResult): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    let buffered = '';
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const ask = () => {
      buffered = '';
      asked = take();
      if (asked) socket.write(question);
      else socket.end();
    };
    socket.setEncoding('latin1');
    socket.on('connect', ask);
    socket.on('error', () => {});
    socket.on('data', (chunk: string) => {
      buffered += chunk;
      const head = buffered.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0);
      if (buffered.length < head + 4 + length) return;
      const body = buffered.slice(head + 4);
      if (buffered.startsWith('HTTP/1.1 200') && body.length === length) {
        result.answers++;
        result.byVersion.set(body, (result.byVersion.get(body) ?? 0) + 1);
      } else result.failed++;
      asked = false;
      ask();
    });
    socket.on('close', () => {
      if (asked) result.failed++;
      if (asked && take()) void drive(port, take, result).then(resolve);
      else resolve();
    });
  });
}
