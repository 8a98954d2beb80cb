import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Arrived, Incoming } from '../../components/screen/incoming.ts';

const opening = '\u001b[200~';
const closing = '\u001b[201~';

function all(pieces: readonly string[]): Arrived {
  const incoming = new Incoming();
  const arrived = pieces.map((piece) => incoming.push(piece));
  return { keys: arrived.map((a) => a.keys).join(''), pastes: arrived.flatMap((a) => a.pastes) };
}

describe('what comes from the terminal', () => {
  it('tells a pasted text from keys', () => {
    expect(all([`j${opening}rm -rf\ry${closing}k`])).toEqual({ keys: 'jk', pastes: ['rm -rf\ry'] });
  });

  it('does so wherever the input is cut into pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 6, max: 40 }), { maxLength: 9 }), (lengths) => {
        const whole = `jj${opening}text with\u001b[A keys\r${closing}gg${opening}more${closing}`;
        let from = 0;
        const pieces = [...lengths, whole.length].map((length) => whole.slice(from, (from += length)));
        const { keys, pastes } = all(pieces.filter(Boolean));
        // A bracket that is cut right behind its ESC has the key esc come along: it closes, and starts nothing.
        expect(keys.replaceAll('\u001b', '')).toBe('jjgg');
        expect(pastes).toEqual(['text with\u001b[A keys\r', 'more']);
      }),
    );
  });

  it('takes nothing that was pasted as keys, be it cut at every byte', () => {
    const whole = `${opening}ry\r${closing}`;
    for (let cuts = 0; cuts < 2 ** (opening.length + 1); cuts += 1) {
      const pieces = [''];
      for (const [i, character] of [...whole].entries()) {
        if ((cuts >> (i - 1)) & 1) pieces.push('');
        pieces[pieces.length - 1] += character;
      }
      const { keys, pastes } = all(pieces);
      expect(pastes, JSON.stringify(pieces)).toEqual(['ry\r']);
      // What of the bracket goes on as keys, because esc must not wait, closes and shows.
      expect(['', '\u001b', '\u001b[', '\u001b[2'], JSON.stringify(pieces)).toContain(keys);
    }
    expect(all([...whole]).pastes).toEqual(['ry\r']);
  });

  it('gives keys that only look like the beginning of a paste', () => {
    expect(all(['\u001b', '[', '2', 'j']).keys).toBe('\u001b[2j');
  });

  it('gives esc and the arrows at once', () => {
    const incoming = new Incoming();
    expect(incoming.push('\u001b')).toEqual({ keys: '\u001b', pastes: [] });
    expect(incoming.push('[')).toEqual({ keys: '[', pastes: [] });
    expect(incoming.push('\u001b[A')).toEqual({ keys: '\u001b[A', pastes: [] });
    expect(incoming.push('\u001b[5~')).toEqual({ keys: '\u001b[5~', pastes: [] });
  });

  it('lets ctrl-c out of a paste that never ends, and keeps no more than it can use', () => {
    const incoming = new Incoming();
    expect(incoming.push(`${opening}never`).keys).toBe('');
    for (let i = 0; i < 100; i += 1) incoming.push('x'.repeat(1000));
    expect(incoming.push('\u0003')).toEqual({ keys: '\u0003', pastes: [] });
    expect(incoming.push('j')).toEqual({ keys: 'j', pastes: [] });
    expect(incoming.push(`${opening}${'x'.repeat(100_000)}${closing}`).pastes[0]).toHaveLength(10_000);
  });
});
