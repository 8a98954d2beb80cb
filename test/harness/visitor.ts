import { ask } from './http.ts';

/** A visitor's browser with one cookie jar: what it is given, it sends. */
export class Visitor {
  readonly jar = new Map<string, string>();
  readonly port: number;

  constructor(port: number) {
    this.port = port;
  }

  async visit(path = '/') {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await ask({ port: this.port, path, headers: cookie === '' ? {} : { cookie } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      this.jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return answer;
  }
}
