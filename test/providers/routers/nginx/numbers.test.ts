import { describe, expect, it } from 'vitest';
import { brokenOff, countLines } from '../../../../providers/routers/nginx/numbers.ts';

const nothing = { lanes: {}, broken: [] };
/** A line of the access log: connection, status, completion, then what each attempt came to. */
const line = (connection: number, status: number, ...attempts: [string, string, string, string][]) =>
  [
    'v1=127.0.0.1:81,127.0.0.1:82;v2=[::1]:83',
    connection,
    status,
    '0.020',
    'OK',
    ...[0, 1, 2, 3].map((i) => attempts.map((attempt) => attempt[i]).join(', ') || '-'),
  ].join('\t');

describe('the numbers in nginx’s logs', () => {
  it('count each attempt for the version it went to', () => {
    const { lanes } = countLines(
      nothing,
      [
        line(1, 200, ['127.0.0.1:82', '200', '0.010', '0.020']),
        line(2, 200, ['[::1]:83', '502', '-', '0.000'], ['127.0.0.1:81', '200', '0.001', '0.001']),
        line(3, 503, ['[::1]:83', '503', '0.001', '0.002']),
        line(4, 503),
      ],
      [],
    );
    expect(lanes['v1']).toMatchObject({ requests: 2, status: [0, 2, 0, 0, 0], failures: 0 });
    expect(lanes['v2']).toMatchObject({ requests: 2, status: [0, 0, 0, 0, 1], failures: 1 });
  });

  it('hold a user who left against nobody, unless it was after long silence', () => {
    const { lanes } = countLines(
      nothing,
      [line(1, 499, ['[::1]:83', '-', '-', '0.300']), line(2, 499, ['[::1]:83', '-', '-', '6.000'])],
      [],
    );
    expect(lanes['v2']).toMatchObject({ requests: 2, failures: 1, status: [0, 0, 0, 0, 0] });
  });

  it('take an answer that broke off for the failure of the version that gave the last one on its connection', () => {
    const errors = [
      '2026/11/21 17:02:07 [error] 386#386: *13 upstream prematurely closed connection while reading upstream, client: 127.0.0.1',
    ];
    const { lanes, broken } = countLines(
      nothing,
      [
        line(13, 200, ['127.0.0.1:81', '200', '0.001', '0.001']),
        line(13, 200, ['[::1]:83', '200', '0.001', '0.001']),
      ],
      errors,
    );
    expect(lanes['v1']).toMatchObject({ requests: 1, failures: 0, status: [0, 1, 0, 0, 0] });
    expect(lanes['v2']).toMatchObject({ requests: 1, failures: 1, status: [0, 0, 0, 0, 0] });
    expect(broken).toEqual([]);
    expect(countLines(nothing, [], errors).broken).toEqual(['13']);
  });

  it('find nothing in what users wrote into an error', () => {
    const forged = '*7 upstream prematurely closed connection while reading upstream,';
    expect(
      brokenOff([
        `2026/11/21 17:02:07 [error] 386#386: *8 connect() failed (111: Connection refused) while connecting to upstream, request: "GET /${forged} HTTP/1.1"`,
        forged,
        '',
      ]),
    ).toEqual([]);
  });

  it('leave out lines that are not whole or not theirs', () => {
    expect(
      countLines(nothing, ['', 'x', 'a\tb', line(1, 200, ['9.9.9.9:9', '200', '0', '0'])], []).lanes,
    ).toEqual({});
  });
});
