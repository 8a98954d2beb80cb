import { safeText } from './safe-text.ts';

/** `path.ext:12` or `path.ext:12:3`, at the line's beginning or after a space, a bracket or a quote. */
const place =
  /(?:^|[\s('"])(?:file:\/\/)?((?:[\w@.-]{0,100}\/){0,30}[\w@.-]{1,100}\.[A-Za-z]{1,5}:\d{1,7}(?::\d{1,6})?)/;

/** The first place in a line of output, safe to print; one below `root` by its path there. Places in packages are none of the project's. */
export function placeIn(line: string, root: string): string | undefined {
  const found = place.exec(line.slice(0, 1000))?.[1];
  if (found === undefined || found.includes('node_modules')) return undefined;
  return safeText(found.startsWith(`${root}/`) ? found.slice(root.length + 1) : found, 200);
}
