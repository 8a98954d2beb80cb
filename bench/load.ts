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
  /** How long each answer took, milliseconds. */
  times: number[];
}

const question = 'GET / HTTP/1.1\r\nHost: bench\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n';

/**
 * Keeps `connections` kept-alive connections busy, one request at a time each. It reads just enough of HTTP for short
 * answers with a Content-Length, so that it costs little beside what it measures.
 */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const result: LoadResult = { answers: 0, failed: 0, byVersion: new Map(), seconds: 0, times: [] };
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
    let ended = false;
    let opened = false;
    let buffered = '';
    let askedAt = 0;
    const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
    const ask = () => {
      buffered = '';
      asked = take();
      ended = !asked;
      askedAt = performance.now();
      if (asked) socket.write(question);
      else socket.end();
    };
    socket.setEncoding('latin1');
    socket.on('connect', () => {
      opened = true;
      ask();
    });
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
        result.times.push(performance.now() - askedAt);
        result.byVersion.set(body, (result.byVersion.get(body) ?? 0) + 1);
      } else result.failed++;
      asked = false;
      // An answer that closes its connection says so; the next request needs another.
      if (/\r\nconnection: close\r\n/i.test(buffered.slice(0, head + 2))) {
        socket.destroy();
        return;
      }
      ask();
    });
    socket.on('close', () => {
      // One that never opened failed a request as well.
      if (!opened) ended = !take();
      if (asked || (!opened && !ended)) result.failed++;
      if (ended) resolve();
      else void drive(port, take, result).then(resolve);
    });
  });
}
