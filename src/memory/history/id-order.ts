const stampLength = '20260131_142500'.length;

/** Orders ids by the time of the request and, within one second, by their number. */
export function compareIds(a: string, b: string): number {
  if (a.length === stampLength && b.length === stampLength) return a < b ? -1 : a > b ? 1 : 0;
  const [first, second] = [a.slice(0, stampLength), b.slice(0, stampLength)];
  if (first !== second) return first < second ? -1 : 1;
  return Number(a.slice(stampLength + 1)) - Number(b.slice(stampLength + 1));
}
