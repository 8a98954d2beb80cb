import { describe, expect, it } from 'vitest';
import { configuration } from '../../../../providers/routers/nginx/configuration.ts';
import { kernelAddress } from '../../../../providers/routers/nginx/processes.ts';
import { applyChange, emptyTable } from '../../../../providers/routers/nginx/table.ts';
import type { RouteChange } from '../../../../src/ports/router.ts';

const listening = { host: '127.0.0.1', port: 8080, socket: 'ng.sock', workers: 1, tenths: false };
const route = (name: string, host = '127.0.0.1') => ({ version: { sha: name, name }, host, port: 81 });
const change = (more: Partial<RouteChange> = {}): RouteChange => ({
  stable: route('stable'),
  candidate: route('candidate', '127.0.0.2'),
  weight: 5,
  rollout: null,
  fence: 1,
  ...more,
});
const written = (more: Partial<RouteChange>) =>
  configuration(listening, applyChange(emptyTable, change(more)));

describe('nginx’s configuration', () => {
  it('holds no text from outside, whatever a version is called', () => {
    const name = 'x"; } $request_uri \n load_module /tmp/evil.so; #';
    const text = written({ candidate: { ...route(name), version: { sha: name, name } }, rollout: name });
    expect(text).not.toContain('evil');
    expect(text).toBe(written({ rollout: 'r1', candidate: route('candidate') }));
  });

  it.each(['127.0.0.1; }', 'unix:/var/run/docker.sock', 'localhost', '$host', ''])(
    'is not made for a version at "%s"',
    (host) => {
      expect(() => written({ candidate: route('candidate', host) })).toThrow(/the router refused/);
    },
  );

  it.each(['127.0.0.1; include /etc/passwd', 'a b', '$x', 'unix:/x', '-'])(
    'does not listen on "%s"',
    (host) => {
      expect(() => configuration({ ...listening, host }, emptyTable)).toThrow(
        /neither an address nor the name/,
      );
    },
  );

  it('spreads a version over all its copies, with stable behind the candidate’s', () => {
    const text = written({
      candidate: { ...route('candidate', '::1'), others: [{ host: '127.0.0.3', port: 82 }] },
    });
    const group = /upstream v2 \{([^}]*)\}/.exec(text)?.[1]?.match(/server [^;]*/g);
    expect(group).toEqual([
      'server [::1]:81 max_fails=0',
      'server 127.0.0.3:82 max_fails=0',
      'server 127.0.0.1:81 max_fails=0 backup',
    ]);
  });
});

describe('an address in /proc/net/tcp', () => {
  it.each([
    ['127.0.0.1', 80, '0100007F:0050'],
    ['::1', 8080, '00000000000000000000000001000000:1F90'],
    ['2001:db8::7', 1, 'B80D0120000000000000000007000000:0001'],
  ])('is written for %s as the kernel does', (host, port, wanted) => {
    expect(kernelAddress({ host, port })).toBe(wanted);
  });
});
