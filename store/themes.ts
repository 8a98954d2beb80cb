import { matching } from './picker.ts';
import type { Rank, Session } from './state.ts';

/** The themes by name; each is for terminals with a dark or a light background. */
export const themes = {
  dark: { label: 'dark', hint: 'for a dark background' },
  light: { label: 'light', hint: 'for a light background' },
  'high-contrast': { label: 'high contrast', hint: 'the strongest colours on a dark background' },
  'high-contrast-light': { label: 'high contrast, light', hint: 'the strongest on a light background' },
  '16-colours': { label: '16 colours', hint: "your terminal's own bright colours, on a dark background" },
  '16-colours-light': { label: '16 colours, light', hint: "your terminal's own, on a light background" },
} as const satisfies Record<string, { label: string; hint: string }>;

export type ThemeName = keyof typeof themes;

/** How many colours the terminal has: none, 16, 256, or any (24 bits). */
export type ColourDepth = 0 | 1 | 2 | 3;

/** Whether a text names a theme. */
export function isTheme(name: string): name is ThemeName {
  return Object.hasOwn(themes, name);
}

/** All names, in the order they are offered. */
export const themeNames: readonly ThemeName[] = Object.keys(themes).filter(isTheme);

/** The theme to draw with: the one under the cursor while themes are being picked, else the chosen one. */
export function themeInSight(
  { picker, theme }: Pick<Session, 'picker' | 'theme'>,
  rank: Rank | undefined,
): ThemeName {
  if (!picker) return theme;
  const shown = matching(picker, rank);
  return shown[Math.max(0, Math.min(picker.at, shown.length - 1))]?.option.theme ?? theme;
}
