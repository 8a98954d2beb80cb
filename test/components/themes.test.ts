import { describe, expect, it } from 'vitest';
import { isForLight, paletteOf } from '../../components/palettes.ts';
import { colourDepthOf, themeOf } from '../../components/screen/abilities.ts';
import { themeNames } from '../../store/themes.ts';

type Rgb = readonly [number, number, number];

/** WCAG 2.2, relative luminance. */
function luminance(rgb: Rgb): number {
  const [r = 0, g = 0, b = 0] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.040_45 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const hex = (text: string): Rgb => {
  const value = Number.parseInt(text.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
};

/** The 256 colours as xterm defines them. */
function indexed(index: number): Rgb {
  if (index >= 232) return [8 + (index - 232) * 10, 8 + (index - 232) * 10, 8 + (index - 232) * 10];
  const levels = [0, 95, 135, 175, 215, 255];
  const at = index - 16;
  return [levels[Math.floor(at / 36)] ?? 0, levels[Math.floor(at / 6) % 6] ?? 0, levels[at % 6] ?? 0];
}

/** The named colours in the palettes of a VGA text screen and of xterm. */
const named: Readonly<Record<string, readonly [vga: string, xterm: string]>> = {
  red: ['#aa0000', '#cd0000'],
  blue: ['#0000aa', '#0000ee'],
  redBright: ['#ff5555', '#ff0000'],
  greenBright: ['#55ff55', '#00ff00'],
  yellowBright: ['#ffff55', '#ffff00'],
  cyanBright: ['#55ffff', '#00ffff'],
};

function shades(colour: string): Rgb[] {
  if (colour.startsWith('#')) return [hex(colour)];
  const index = /^ansi256\((\d+)\)$/.exec(colour)?.[1];
  return index === undefined ? (named[colour] ?? []).map(hex) : [indexed(Number(index))];
}

/** Backgrounds people have: black, VS Code, One Dark, Solarized and Nord; white, GitHub and both papers of Solarized. */
const darkBackgrounds = ['#000000', '#1e1e1e', '#282c34', '#002b36', '#2e3440'];
const lightBackgrounds = ['#ffffff', '#f6f8fa', '#fdf6e3', '#eee8d5'];

describe('the themes', () => {
  it.each(themeNames.flatMap((theme) => ([1, 2, 3] as const).map((depth) => [theme, depth] as const)))(
    '%s can be read in a terminal of depth %i (WCAG contrast)',
    (theme, depth) => {
      const strong = theme.startsWith('high-contrast') && depth > 1;
      const own = theme.startsWith('16') || depth === 1;
      const backgrounds = isForLight(theme) ? lightBackgrounds : darkBackgrounds;
      // The 16 colours are the terminal's; the strongest are made for the plainest backgrounds.
      const against = own ? backgrounds.slice(0, 1) : strong ? backgrounds.slice(0, 2) : backgrounds;
      const least = strong ? 7 : 4.5;
      for (const [tone, colour] of Object.entries(paletteOf(theme, depth))) {
        if (colour === undefined) continue;
        const seen = shades(colour);
        expect(seen, `${tone}: ${colour} is a colour this test knows`).not.toEqual([]);
        for (const shade of seen)
          for (const background of against)
            expect(contrast(shade, hex(background)), `${tone} on ${background}`).toBeGreaterThanOrEqual(
              least,
            );
      }
    },
  );

  it.each(themeNames)(
    '%s tells what is well, doubtful and bad apart, where it has colours for them',
    (theme) => {
      for (const depth of [2, 3] as const) {
        const { ok, warn, bad, accent } = paletteOf(theme, depth);
        const tones = [ok, warn, bad, accent].filter((tone) => tone !== undefined);
        expect(new Set(tones).size).toBe(tones.length);
      }
    },
  );

  it('has no colour at all without colours', () => {
    for (const theme of themeNames)
      expect(Object.values(paletteOf(theme, 0)).every((colour) => colour === undefined)).toBe(true);
  });
});

describe('which colours a terminal gets', () => {
  it.each([
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor' }, 3],
    [{ TERM: 'xterm-kitty' }, 3],
    [{ TERM: 'xterm-direct' }, 3],
    [{ TERM: 'tmux-256color' }, 2],
    [{ TERM: 'xterm' }, 1],
    [{ TERM: 'linux' }, 1],
    [{ TERM: 'dumb', COLORTERM: 'truecolor' }, 0],
    [{ TERM: '' }, 0],
    [{}, 0],
    [{ TERM: 'xterm-256color', COLORTERM: 'truecolor', NO_COLOR: '1' }, 0],
    [{ TERM: 'xterm-256color', NO_COLOR: '' }, 2],
    [{ TERM: 'xterm-256color', NO_COLOR: '1', FORCE_COLOR: '3' }, 0],
    [{ TERM: 'dumb', FORCE_COLOR: '' }, 1],
    [{ TERM: 'xterm', FORCE_COLOR: '3' }, 3],
    [{ TERM: 'xterm-256color', FORCE_COLOR: '0' }, 0],
  ] as const)('%j: depth %i', (env, depth) => {
    expect(colourDepthOf(env)).toBe(depth);
  });

  it.each([
    [{}, undefined, 'dark'],
    [{ COLORFGBG: '0;15' }, undefined, 'light'],
    [{ COLORFGBG: '0;default;15' }, undefined, 'light'],
    [{ COLORFGBG: '15;0' }, undefined, 'dark'],
    [{ COLORFGBG: '0;15' }, 'high-contrast', 'high-contrast'],
    [{ ORCHESTRA_THEME: '16-colours' }, 'light', '16-colours'],
    [{}, '__proto__', 'dark'],
  ] as const)('%j and a kept %s: %s', (env, kept, theme) => {
    expect(themeOf(env, kept)).toEqual({ theme });
  });

  it('says which themes there are where ORCHESTRA_THEME names none', () => {
    const { theme, warning } = themeOf({ ORCHESTRA_THEME: 'solarized' }, 'light');
    expect(theme).toBe('dark');
    expect(warning).toContain('dark, light, high-contrast');
  });
});
