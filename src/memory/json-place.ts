const space = /[ \t\n\r]*/y;
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

type Wanted = 'value' | 'first-item' | 'key' | 'first-key' | 'colon' | 'after';

/** The offset at which a text stops being JSON; its length where it is, or only lacks its end. */
function badOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let at = 0;
  let wanted: Wanted = 'value';
  const past = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  for (;;) {
    past(space);
    const character = text[at];
    if (character === undefined) return at;
    const container = open.at(-1);
    if (wanted === 'after') {
      if (container === undefined) return at;
      if (character === ',') wanted = container === '{' ? 'key' : 'value';
      else if (character === (container === '{' ? '}' : ']')) open.pop();
      else return at;
      at += 1;
    } else if (wanted === 'colon') {
      if (character !== ':') return at;
      at += 1;
      wanted = 'value';
    } else if (wanted === 'key' || wanted === 'first-key') {
      if (wanted === 'first-key' && character === '}') {
        open.pop();
        at += 1;
        wanted = 'after';
      } else if (past(string)) wanted = 'colon';
      else return at;
    } else if (wanted === 'first-item' && character === ']') {
      open.pop();
      at += 1;
      wanted = 'after';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at += 1;
      wanted = character === '{' ? 'first-key' : 'first-item';
    } else if (past(string) || past(scalar)) wanted = 'after';
    else return at;
  }
}

/** Where a text stops being JSON, `line 3, column 7`, both counted from 1. */
export function placeOfError(text: string): string {
  const before = text.slice(0, badOffset(text)).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
