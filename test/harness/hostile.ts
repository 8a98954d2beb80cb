import type { Orchestrator } from '../../src/engine/orchestrator.ts';

const ESC = '\u001b';
const BEL = '\u0007';
const ST = `${ESC}\\`;

const operatingSystemCommands = [
  '0;stolen title',
  '1;stolen icon',
  '2;stolen title',
  '4;1;#ff0000',
  '7;file:///etc/passwd',
  '8;;https://evil.example/',
  '9;stolen notification',
  '10;#ff0000',
  '11;?',
  '12;#ff0000',
  '52;c;c3RvbGVu',
  '52;c;?',
  '104',
  '133;A',
  '777;notify;stolen;stolen',
  '1337;File=inline=1:c3RvbGVu',
];

const controlSequences = [
  '2J',
  '3J',
  'H',
  '10;10H',
  '99A',
  '99B',
  '99C',
  '99D',
  '1G',
  '2K',
  '5L',
  '5M',
  '5P',
  '5S',
  '5T',
  '?25h',
  '?47h',
  '?1049l',
  '?1000h',
  '?1003h',
  '?1006h',
  '?2004l',
  '?2026h',
  '?2026l',
  '?7h',
  '?6h',
  '?1h',
  '4h',
  '8h',
  '20h',
  '2;4r',
  '5n',
  '6n',
  'c',
  '>c',
  '31m',
  '7m',
  '8m',
  '0m',
  's',
  'u',
  '!p',
  '8;10;10t',
  '21t',
  '"p',
  '1 q',
  '>1u',
];

/** Everything a text from outside may hold that a terminal would act on, or that would turn a row around or tear it. */
export const hostileTexts: readonly string[] = [
  ...operatingSystemCommands.flatMap((command) => [`${ESC}]${command}${BEL}`, `${ESC}]${command}${ST}`]),
  ...operatingSystemCommands.slice(0, 3).map((command) => `\u009d${command}\u009c`),
  `${ESC}]0;never ended`,
  ...controlSequences.map((sequence) => `${ESC}[${sequence}`),
  ...['2J', '10;10H', '31m', '?25h', '?1049l'].map((sequence) => `\u009b${sequence}`),
  `${ESC}P1$r0m${ST}`,
  `${ESC}P+q544e${ST}`,
  '\u0090q#0;2;0;0;0\u009c',
  `${ESC}_Gi=1;AAAA${ST}`,
  '\u009fapplication\u009c',
  `${ESC}^private${ST}`,
  '\u009eprivate\u009c',
  `${ESC}Xstart of string${ST}`,
  '\u0098start of string\u009c',
  `${ESC}c`,
  `${ESC}7${ESC}8`,
  `${ESC}(0lqqk`,
  `${ESC}M${ESC}D${ESC}E`,
  `${ESC}#8`,
  `${ESC}=`,
  `${ESC}N${ESC}O`,
  '\u000e\u000f',
  '\u0084\u0085\u0088\u008d',
  'nul\0nul',
  'bell\u0007\u0007',
  'back\b\b\b\b\b\bspace',
  'cr\rcr',
  'crlf\r\nline',
  'line\nline\nline',
  'vt\u000bff\u000c',
  'tab\ttab\t\ttab',
  'del\u007f\u007f',
  'u2028\u2028u2029\u2029nel\u0085',
  '\u202egnp.exe',
  '\u202dleft\u202c',
  '\u202aembedded\u202bembedded\u202c',
  '\u2066isolated\u2067isolated\u2068isolated\u2069',
  '\u200e\u200f\u061cmarks',
  'zero\u200bwidth\u200c\ufeffspace\u2060',
  `joined${'\u200d'.repeat(50)}`,
  `zalgo${'\u0301'.repeat(200)}`,
  '\ud800lone',
  'lone\udfff',
  '\u{e0041}\u{e007f}tags',
  '\ufff9annotated\ufffaby\ufffb',
  '\u{1d173}\u{1d17a}music',
  '\ue000private use\u{f0000}',
  '\ufffe\uffffnone',
  '\u00ad\u034f\u115f\u1160\u17b4\u3164\uffa0',
  'x'.repeat(10_000),
  '日本'.repeat(5000),
  'שלום עולם '.repeat(50),
  'مرحبا',
  '👩‍👩‍👧‍👦🏳️‍🌈🇩🇪👍🏽❤️1️⃣',
  '%s%n%d{{x}}${x}<b>&amp;',
  '\\u001b[2J \\x1b]0;x\\x07 \\033c',
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  '',
  '   ',
  '\u3000\u2003\u00a0',
];

/** What the frames of the program consist of: text, line ends, colours, and the few sequences that place a frame. */
const ours =
  /\u001b\[(?:\d+(?:;\d+)*)?m|\u001b\[(?:2K|K|J|1A|G|\d+G|2J|H|\d+;1H)|\u001b\[\?(?:1049|2004|2026|7|25|1000|1002|1006)[hl]|\u001b\[8[hl]|\r*\n/g;

/** What is in the raw output that the program has no business to write: nothing, or the first of it. */
export function foreignIn(raw: string): string | undefined {
  const rest = raw.replaceAll(ours, '');
  const found =
    /[^]{0,20}[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200b\u200c\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb][^]{0,20}/u.exec(
      rest,
    );
  return found?.[0] && JSON.stringify(found[0]);
}

/** Keys whose texts the program itself chose: kinds, states, times, hashes and ids that are read by rules of their own. */
const structural = new Set([
  'schema',
  'kind',
  'type',
  'status',
  'outcome',
  'at',
  'since',
  'startedAt',
  'finishedAt',
  'sha',
  'tree',
  'level',
  'bucket',
  'through',
  'after',
  'stage',
  'face',
  'effect',
  'risk',
  'suggestedStrategy',
  'recovery',
  'point',
  'step',
  'deployment',
]);

/**
 * `value` with every text that comes from outside replaced by a hostile one, followed by itself so that ids stay apart.
 * Equal texts stay equal: what names another thing still does.
 */
export function poisoned<T>(value: T, choose: (text: string) => string): T {
  const walk = (it: unknown, key: string): unknown => {
    if (typeof it === 'string') return structural.has(key) ? it : `${choose(it)}${it}`;
    if (Array.isArray(it)) return it.map((entry) => walk(entry, key));
    if (it instanceof Map) return new Map([...it].map(([k, v]) => [k, walk(v, 'value')]));
    if (it === null || typeof it !== 'object' || it instanceof Set || it instanceof Error) return it;
    return Object.fromEntries(Object.entries(it).map(([k, v]) => [k, walk(v, k)]));
  };
  // The walk keeps every shape.
  return walk(value, '') as T;
}

/** A hostile text for each text, the same for the same; `turn` deals them anew, so that all of them get everywhere. */
export function dealt(turn: number): (text: string) => string {
  return (text) => {
    let hash = turn * 7919;
    for (const character of text.slice(0, 60)) hash = (hash * 31 + character.charCodeAt(0)) % 1_000_003;
    return hostileTexts[hash % hostileTexts.length] ?? '';
  };
}

/** Answers that are made of what was asked, which is poisoned already. */
const derived = new Set([
  'root',
  'close',
  'prove',
  'takeUp',
  'deploy',
  'rollback',
  'command',
  'recover',
  'lockOf',
  'unlock',
]);

/** An engine whose every answer is hostile, also those that are asked for in ways this test does not know yet. */
export function poisonedEngine(engine: Orchestrator, choose: (text: string) => string): Orchestrator {
  const poison = <T>(value: T) => poisoned(value, choose);
  async function* each(events: AsyncIterable<unknown>) {
    for await (const event of events) yield poison(event);
  }
  return new Proxy(engine, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      if (derived.has(String(name))) return member.bind(target);
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(member, target, args);
        if (answer instanceof Promise) return answer.then(poison);
        if (typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer)
          return each(answer as AsyncIterable<unknown>);
        return poison(answer);
      };
    },
  });
}
