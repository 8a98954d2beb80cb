import type { ColourDepth, ThemeName } from '../store/themes.ts';

/** Meanings that a colour underlines; the words and marks beside it say the same. */
export type Tone = 'plain' | 'quiet' | 'accent' | 'ok' | 'warn' | 'bad';

/** A colour as the renderer takes it, by tone; undefined is the terminal's own text colour. */
export type Palette = Readonly<Record<Tone, string | undefined>>;

/** The same tones for terminals with 24 bits of colour and with 256. */
interface Colours {
  full: Palette;
  indexed: Palette;
}

const of256 = (
  plain: number | undefined,
  quiet: number,
  accent: number,
  ok: number,
  warn: number,
  bad: number,
) => ({
  plain: plain === undefined ? undefined : `ansi256(${plain})`,
  quiet: `ansi256(${quiet})`,
  accent: `ansi256(${accent})`,
  ok: `ansi256(${ok})`,
  warn: `ansi256(${warn})`,
  bad: `ansi256(${bad})`,
});

const none: Palette = {
  plain: undefined,
  quiet: undefined,
  accent: undefined,
  ok: undefined,
  warn: undefined,
  bad: undefined,
};

/**
 * Terminals give their 16 colours any shade they like. The bright ones can be read on every usual dark palette; grey
 * cannot on all of them, so what is quiet elsewhere is plain here.
 */
const sixteenOnDark: Palette = {
  ...none,
  accent: 'cyanBright',
  ok: 'greenBright',
  warn: 'yellowBright',
  bad: 'redBright',
};

/** On white, green, cyan, yellow and magenta cannot be read everywhere: words and marks say what they would. */
const sixteenOnLight: Palette = { ...none, accent: 'blue', bad: 'red' };

const own: Readonly<Record<Exclude<ThemeName, '16-colours' | '16-colours-light'>, Colours>> = {
  dark: {
    full: {
      plain: undefined,
      quiet: '#a0a8b4',
      accent: '#5fd7ff',
      ok: '#7ee787',
      warn: '#e3b341',
      bad: '#ff9a94',
    },
    indexed: of256(undefined, 248, 81, 114, 221, 210),
  },
  light: {
    full: {
      plain: undefined,
      quiet: '#57606a',
      accent: '#0550ae',
      ok: '#116329',
      warn: '#7d4e00',
      bad: '#a40e26',
    },
    indexed: of256(undefined, 240, 25, 22, 94, 124),
  },
  'high-contrast': {
    full: {
      plain: '#ffffff',
      quiet: '#d0d0d0',
      accent: '#87ffff',
      ok: '#87ff87',
      warn: '#ffff5f',
      bad: '#ffb3b3',
    },
    indexed: of256(231, 252, 123, 120, 227, 217),
  },
  'high-contrast-light': {
    full: {
      plain: '#000000',
      quiet: '#3a3a3a',
      accent: '#0000a0',
      ok: '#004d00',
      warn: '#5b3a00',
      bad: '#870000',
    },
    indexed: of256(16, 237, 18, 22, 53, 88),
  },
};

/** Whether a theme is made for a light background. */
export function isForLight(theme: ThemeName): boolean {
  return theme === 'light' || theme.endsWith('-light');
}

/** The colours of a theme in a terminal that has so many. The same arguments give the same object. */
export function paletteOf(theme: ThemeName, depth: ColourDepth): Palette {
  if (depth === 0) return none;
  if (depth === 1 || theme === '16-colours' || theme === '16-colours-light')
    return isForLight(theme) ? sixteenOnLight : sixteenOnDark;
  return depth === 2 ? own[theme].indexed : own[theme].full;
}
