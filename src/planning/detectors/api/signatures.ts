import { assignable, sameUse, typeOf } from './assignable.ts';

/** Names of types that callers only ever hand in. */
const handedIn =
  /(?:Options|Option|Config|Configuration|Props|Params|Args|Arguments|Input|Init|Settings|Request)$/u;

/**
 * Whether callers of the old signature are certainly served by the new one: by their types, as far as these can be told
 * from the texts alone, else by the texts. A function or class may take more than before and need no more; a type that
 * callers both make and read may only get what is optional.
 */
export function accepts(name: string, old: string, now: string): boolean {
  if (acceptsByText(old, now)) return true;
  const [was, is] = [typeOf(old), typeOf(now)];
  if (!was || !is) return false;
  if (was.use === 'value' && is.use === 'value') return assignable(is.type, was.type);
  if (was.use !== is.use || was.head !== is.head) return false;
  return handedIn.test(name) ? assignable(was.type, is.type, true) : sameUse(was.type, is.type);
}

/**
 * Whether callers of the old signature are served by the new one, as far as the text shows it: what came is optional (a
 * last parameter, a member, a type parameter with a default), or a class got more members.
 */
function acceptsByText(old: string, now: string): boolean {
  if (old === '' || now === '') return true;
  const plain = withoutOptionalTypes(old, now);
  if (plain === old) return true;
  const [a, b] = [callable.exec(old), callable.exec(plain)];
  if (a && b && a[2] === b[2] && b[1]?.startsWith(a[1] ?? '')) {
    const more = b[1].slice(a[1]?.length ?? 0).replace(/^, /u, '');
    if (/^(?:[\w$]+\?|\.\.\.)/u.test(more)) return true;
  }
  const members = (text: string) => text.split(/; |(?<=\{)|(?=\})/u).map((member) => member.trim());
  const wanted = members(old);
  let met = 0;
  for (const member of members(plain)) {
    if (member === wanted[met]) met += 1;
    else if (!old.startsWith('class {') && !/^(?:readonly )?(?:_|[\w$]+\?)/u.test(member)) return false;
  }
  return met === wanted.length;
}

const callable = /^\((.*)\)( => .*)?$/u;

/** The new signature without type parameters that the old one has not, where each has a default. */
function withoutOptionalTypes(old: string, now: string): string {
  const generic = /^<([^()<>]{1,300})>(?=\()/u.exec(now);
  if (!generic || old.startsWith('<')) return now;
  const parameters = (generic[1] ?? '').split(', ');
  if (!parameters.every((parameter) => parameter.includes('='))) return now;
  const names = parameters.map((parameter) => /^[\w$]+/u.exec(parameter)?.[0] ?? '');
  return now.slice(generic[0].length).replaceAll(`<${names.join(', ')}>`, '');
}
