import http from 'node:http';

export interface Users {
  readonly sent: number;
  /** Requests that got no whole answer, or a 5xx, each with its reason. */
  readonly failures: string[];
  /** The bodies of the last answers, newest last. */
  last: (n: number) => string[];
  /** Resolves once `n` more requests were answered. */
  answered: (n: number) => Promise<void>;
  /** Ends the load once every request under way has its answer. */
  stop: () => Promise<void>;
}

const tickMs = 10;
const keptAnswers = 2000;

/** Users who ask for `/` at a fixed rate whether or not they are answered, over kept-alive connections. */
export function sendUsers(port: number, rate = 200): Users {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 64 });
  const failures: string[] = [];
  const bodies: string[] = [];
  const waiting = new Set<() => void>();
  let sent = 0;
  let answers = 0;
  let open = 0;

  const over = () => {
    open -= 1;
    for (const look of waiting) look();
  };
  const ask = () => {
    sent += 1;
    open += 1;
    let counted = false;
    const fail = (why: string) => {
      if (counted) return;
      counted = true;
      failures.push(`${new Date().toISOString()} ${why}`);
      over();
    };
    const request = http.get({ host: '127.0.0.1', port, path: '/', agent, timeout: 10_000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', (error) => fail(error.message));
      response.on('end', () => {
        if ((response.statusCode ?? 500) >= 500) return fail(`${response.statusCode} ${text}`);
        if (counted) return;
        counted = true;
        answers += 1;
        bodies.push(text);
        if (bodies.length > keptAnswers) bodies.shift();
        over();
      });
    });
    request.on('timeout', () => request.destroy(new Error('no answer in 10 s')));
    request.on('error', (error) => fail(error.message));
  };

  let due = 0;
  let before = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    // After a stall the missed requests are not made up for.
    due += (Math.min(500, now - before) / 1000) * rate;
    before = now;
    for (; due >= 1; due -= 1) ask();
  }, tickMs);

  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });

  return {
    get sent() {
      return sent;
    },
    failures,
    last: (n) => bodies.slice(-n),
    answered: (n) => {
      const enough = answers + n;
      return until(() => answers >= enough);
    },
    async stop() {
      clearInterval(timer);
      await until(() => open === 0);
      agent.destroy();
    },
  };
}
