import { describe, expect, it } from 'vitest';
import { returnTo, type Served } from '../../src/engine/versions.ts';

const served = (deployment: string, name: string, digit: string): Served => ({
  deployment,
  version: { name, sha: digit.repeat(40) },
});

const first = served('20260101_100000', 'v1', 'a');
const second = served('20260102_100000', 'v2', 'b');
const third = served('20260103_100000', 'v3', 'c');

describe('where a rollback goes', () => {
  it('U5 goes to the version before, or to the one that is named', () => {
    const all = [first, second, third];
    expect(returnTo(all, third.version, undefined)).toEqual(second.version);
    expect(returnTo(all, third.version, 'v1')).toEqual(first.version);
    expect(returnTo(all, third.version, '20260101_100000')).toEqual(first.version);
    expect(returnTo(all, third.version, 'aaaaaaa')).toEqual(first.version);
  });

  it('says of a version that was rolled back from that it was, and how to have it all the same', () => {
    expect(() => returnTo([first], first.version, 'v2', [second])).toThrow(
      expect.objectContaining({
        message: 'v2 (bbbbbbb) served here and was rolled back from',
        hint: 'to have it all the same, deploy it: `orchestrate deploy --version bbbbbbbbbbbb`',
      }),
    );
  });

  it('says that the named version serves already', () => {
    expect(() => returnTo([first, second], second.version, 'v2')).toThrow('v2 serves already');
  });

  it('lists what can be named, and never says that nothing served', () => {
    expect(() => returnTo([first, second], second.version, 'nope')).toThrow(
      expect.objectContaining({ hint: 'versions that served here: v1' }),
    );
    expect(() => returnTo([first], first.version, 'nope', [second])).toThrow(
      expect.objectContaining({ hint: 'there is no earlier version to return to' }),
    );
  });
});
