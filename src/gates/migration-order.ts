/** A name that a migration tool orders by: a number at its beginning, or Flyway's `V1_2__`. */
const numberedName = /^(?:\d{3}|\d{1,2}[._-]|[Vv]\d{1,30}(?:[._]\d{1,30}){0,5}__)/;

/**
 * Where a migration stands in its order: the folder of the series and the name in it that begins with a number, a file or, as
 * Prisma has it, a folder; without a name where nothing of its path is numbered. A repeatable one of Flyway (`R__`) has no order.
 */
export function seriesOf(path: string): { dir: string; name?: string } {
  const parts = path.split('/');
  const at = parts.findLastIndex((part) => numberedName.test(part));
  const name = parts[at];
  return name === undefined ? { dir: '' } : { dir: parts.slice(0, at).join('/'), name };
}

/** Whether the first of two numbered names comes after the second, number for number. */
export function isLater(a: string, b: string): boolean {
  const [first, second] = [numbersOf(a), numbersOf(b)];
  for (const [i, digits] of first.entries()) {
    const other = second[i];
    if (other === undefined) return true;
    if (digits.length !== other.length) return digits.length > other.length;
    if (digits !== other) return digits > other;
  }
  return false;
}

/** The numbers at the beginning of a name, each without the zeros before it: of `V1_02__x.sql` 1 and 2. */
function numbersOf(name: string): string[] {
  const [head = ''] = /^[Vv]?\d{1,30}(?:[._]\d{1,30}){0,5}/.exec(name) ?? [];
  return (head.match(/\d+/g) ?? []).map((digits) => digits.replace(/^0+(?=\d)/, ''));
}
