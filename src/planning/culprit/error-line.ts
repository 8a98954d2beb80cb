import type { LoggedName, RawFrame } from './frame-line.ts';

/** What a line says of an error whose stack stands beside it; `frame` where it tells the place itself. */
export interface ErrorLine extends LoggedName {
  frame?: RawFrame;
}

const longest = 600;
const named =
  /(?:^|[\s:('"[])((?:[A-Za-z_$][\w$.\\]{0,100})?(?:Error|Exception))\b(?: \[[\w-]{1,60}\])?(?:: ?(.{0,400}))?/u;

/** The error that a line before (or, in Python, after) a stack names; undefined for other lines. */
export function errorOf(line: string): ErrorLine | undefined {
  const text = line.slice(0, longest).trim();
  return rustPanic(text) ?? goPanic(text) ?? phpUncaught(text) ?? byName(text);
}

function byName(text: string): ErrorLine | undefined {
  const found = named.exec(text);
  return found ? { name: found[1] ?? '', message: found[2] ?? '' } : undefined;
}

/** `thread 'main' panicked at src/main.rs:4:5:`, or before Rust 1.73 `panicked at 'boom', src/main.rs:4:5`. */
function rustPanic(text: string): ErrorLine | undefined {
  const at = text.indexOf(' panicked at ');
  if (at < 0) return undefined;
  const found = /(?:^'(.{0,300})', )?([^\s']{1,300}\.rs):(\d{1,7}):\d{1,7}:?$/u.exec(text.slice(at + 13));
  if (!found) return undefined;
  const frame = { dialect: 'rust', path: found[2] ?? '', line: Number(found[3]) } as const;
  return { name: 'panic', message: found[1] ?? '', frame };
}

/** `panic: …`, and net/http's `http: panic serving 127.0.0.1:1: …`. */
function goPanic(text: string): ErrorLine | undefined {
  const found = /(?:^panic: |http: panic serving \S{1,100}: )(.{0,300})/u.exec(text);
  return found ? { name: 'panic', message: found[1] ?? '' } : undefined;
}

/** `PHP Fatal error:  Uncaught TypeError: … in /srv/cart.php:12`, or `… on line 12`. */
function phpUncaught(text: string): ErrorLine | undefined {
  const at = text.indexOf('Uncaught ');
  if (at < 0) return undefined;
  const found =
    /^(?:exception ')?([A-Za-z_][\w\\]{0,100})'?(?:: (.{0,400}))? in (\S{1,300}\.php)(?::| on line )(\d{1,7})$/u.exec(
      text.slice(at + 9),
    );
  if (!found) return undefined;
  const frame = { dialect: 'php', path: found[3] ?? '', line: Number(found[4]) } as const;
  return { name: found[1] ?? '', message: found[2] ?? '', frame };
}
