import { type ColourDepth, isTheme, type ThemeName, themeNames } from '../../store/themes.ts';

type Env = Readonly<Record<string, string | undefined>>;

const manyColours = /^(xterm-(kitty|ghostty)|wezterm|alacritty|foot|contour|ghostty)|-direct$/;

/** What FORCE_COLOR asks for, by what Node and its tools understand; undefined where it is not set. */
function forced(value: string | undefined): ColourDepth | undefined {
  switch (value) {
    case undefined:
      return undefined;
    case '0':
    case 'false':
      return 0;
    case '2':
      return 2;
    case '3':
      return 3;
    default:
      return 1;
  }
}

/** How many colours may be drawn; NO_COLOR (https://no-color.org) comes before everything, then FORCE_COLOR. */
export function colourDepthOf(env: Env): ColourDepth {
  const { TERM: term = '', COLORTERM: claimed = '', TERM_PROGRAM: program = '' } = env;
  if (env['NO_COLOR']) return 0;
  const wanted = forced(env['FORCE_COLOR']);
  if (wanted !== undefined) return wanted;
  if (term === '' || term === 'dumb') return 0;
  if (claimed === 'truecolor' || claimed === '24bit' || manyColours.test(term)) return 3;
  if (env['WT_SESSION'] || program === 'iTerm.app' || program === 'vscode' || program === 'WezTerm') return 3;
  if (/-256(color)?$/.test(term) || program === 'Apple_Terminal') return 2;
  return 1;
}

/**
 * Whether only ASCII may be written: as ORCHESTRA_ASCII says, else where the locale names another character set than
 * UTF-8, and on the Linux console, whose font has few marks. A locale that is not set says nothing.
 */
export function asciiOnly(env: Env): boolean {
  const wanted = env['ORCHESTRA_ASCII'];
  if (wanted) return wanted !== '0' && wanted !== 'false';
  if (env['TERM'] === 'linux') return true;
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'];
  return locale !== undefined && locale !== '' && !/utf-?8/i.test(locale);
}

/** How text is said instead of drawn: not at all, key by key for a screen reader, or line by line on a dumb terminal. */
export type Saying = 'drawn' | 'keys' | 'lines';

/** Whether there is a screen to draw on, and somebody who looks at it. */
export function sayingOf(env: Env): Saying {
  if (env['TERM'] === 'dumb') return 'lines';
  const reader = env['ORCHESTRA_SCREEN_READER'] ?? env['INK_SCREEN_READER'] ?? '';
  return ['', '0', 'false'].includes(reader) ? 'drawn' : 'keys';
}

/** Whether the terminal says by COLORFGBG (`15;0`, `0;default;15`) that its background is light. */
function isLight(env: Env): boolean {
  const background = env['COLORFGBG']?.split(';').at(-1) ?? '';
  return /^(7|9|1[0-5])$/.test(background);
}

/** The theme to begin with, and what to tell of a name that is none. */
export function themeOf(env: Env, kept: string | undefined): { theme: ThemeName; warning?: string } {
  const usual = isLight(env) ? 'light' : 'dark';
  const wanted = env['ORCHESTRA_THEME'] || undefined;
  if (wanted !== undefined && !isTheme(wanted))
    return {
      theme: usual,
      warning: `ORCHESTRA_THEME names no theme; there are ${themeNames.join(', ')}.`,
    };
  const name = wanted ?? kept;
  return { theme: name !== undefined && isTheme(name) ? name : usual };
}

/** How a terminal treats text that is written from right to left. */
export type Bidi =
  /** It draws in the order it gets, or does so when told (BDSM): the order of sight is ours to make. */
  | 'ours'
  /** It always orders by itself: runs are fenced, so that it moves nothing beside them. */
  | 'its';

/** Terminals known to order text by themselves whatever they are told. */
export function bidiOf(env: Env): Bidi {
  return env['KONSOLE_VERSION'] || ['Apple_Terminal', 'iTerm.app'].includes(env['TERM_PROGRAM'] ?? '')
    ? 'its'
    : 'ours';
}
