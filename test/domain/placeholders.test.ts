import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  argvProblem,
  fillArgv,
  fillQuery,
  fillUrl,
  queryProblem,
  urlProblem,
} from '../../src/domain/placeholders.ts';
import { measureContext } from '../harness/measure.ts';

const named = (name: string) => measureContext({ version: { sha: 'b'.repeat(40), name } });

/** The value of a PromQL string in double quotes, read as Go reads it. */
const readBack = (literal: string): unknown => JSON.parse(literal);

describe('the placeholders of a PromQL query', () => {
  it('are filled in, whatever the name of a version', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const filled = fillQuery('up{v="{{version}}"}', named(name));
        expect(readBack(filled.slice('up{v='.length, -1))).toBe(name);
      }),
    );
  });

  it('match nothing but the name itself in a regular expression', () => {
    expect(fillQuery('up{v=~"{{ version }}|x"}', named('v1.2'))).toBe(String.raw`up{v=~"v1\\.2|x"}`);
    expect(fillQuery('up{v = "{{version}}"}', named('v1.2'))).toBe('up{v = "v1.2"}');
  });

  it('become a duration of the window', () => {
    const query = 'rate(orders{sha="{{sha}}"}[{{window}}])';
    expect(queryProblem(query)).toBeUndefined();
    expect(fillQuery(query, measureContext({ windowMs: 90_000 }))).toBe(
      `rate(orders{sha="${'b'.repeat(40)}"}[90000ms])`,
    );
  });

  it.each([
    ['up{{version}}', /inside a label value/],
    ['up{v=`{{version}}`}', /inside a label value/],
    ['# "\nup{v="a"} {{sha}}', /inside a label value/],
    ['up{v="{{commit}}"}', /placeholders out of/],
    ['up{v="{{sha}"}', /placeholders out of/],
  ])('are refused in %j', (query, expected) => {
    expect(queryProblem(query)).toMatch(expected);
  });
});

describe('the placeholders of an address', () => {
  it('stand behind the host, percent-encoded', () => {
    const url = 'https://metrics.example/{{environment}}?v={{version}}';
    expect(urlProblem(url)).toBeUndefined();
    expect(fillUrl(url, named('a/b?c&d'))).toBe('https://metrics.example/production?v=a%2Fb%3Fc%26d');
    expect(() => fillUrl('http://m/{{version}}/x', named('..'))).toThrow(/is \.\./);
  });

  it.each([
    ['https://{{version}}.example/', /behind the host/],
    ['https://user:pass@metrics.example/', /token_env/],
    ['file:///etc/passwd', /http/],
    ['metrics.example/x', /http/],
  ])('are refused in %s', (url, expected) => {
    expect(urlProblem(url)).toMatch(expected);
  });
});

describe('the placeholders of a command', () => {
  it('are whole arguments, and never an option', () => {
    const argv: [string, ...string[]] = ['orders', '--of={{version}}', '{{side}}'];
    expect(argvProblem(argv)).toBeUndefined();
    expect(fillArgv(argv, named('; rm -rf /'))).toEqual(['orders', '--of=; rm -rf /', 'candidate']);
    expect(() => fillArgv(['orders', '{{version}}'], named('--help'))).toThrow(/begins with -/);
  });

  it.each([[['{{version}}']], [['sh', '-c', 'echo {{version}}']], [['x', '{{version}}{{sha}}']]])(
    'are refused in %j',
    (argv) => {
      expect(argvProblem(argv)).toBeDefined();
    },
  );
});
