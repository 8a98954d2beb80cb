import type { Statement } from '../statements.ts';
import { offerOf } from './offers.ts';
import { accepts } from './signatures.ts';

/** What turns one module's exports into the other's; undefined where a side does not parse. */
export function compareExports(path: string, before: string, after: string): Statement[] | undefined {
  const [old, now] = [offerOf(path, before), offerOf(path, after)];
  if (!old || !now) return undefined;
  const statements: Statement[] = [];
  for (const [name, signature] of old) {
    if (!now.has(name)) statements.push({ text: `removes export ${name} from ${path}`, breaks: true });
    else {
      const changed = now.get(name);
      if (signature !== undefined && changed !== undefined && signature !== changed)
        statements.push({
          text: `changes the signature of ${name}: ${shown(signature, changed)}`,
          breaks: !accepts(name, signature, changed),
        });
    }
  }
  for (const name of now.keys())
    if (!old.has(name)) statements.push({ text: `adds export ${name} to ${path}`, breaks: false });
  return statements;
}

/** Where the two differ, so that a long signature does not hide it. */
function shown(old: string, now: string): string {
  if (old.length <= 60 && now.length <= 60) return `${old || 'untyped'} → ${now || 'untyped'}`;
  let from = 0;
  while (from < old.length && old.charAt(from) === now.charAt(from)) from += 1;
  let end = 0;
  while (end < Math.min(old.length, now.length) - from && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  const start = Math.max(0, from - 12);
  const cut = (text: string) => {
    const part = text.slice(start, text.length - end);
    return `${start > 0 ? '…' : ''}${part.slice(0, 60)}${part.length > 60 || end > 0 ? '…' : ''}`;
  };
  return `${cut(old)} → ${cut(now)}`;
}
