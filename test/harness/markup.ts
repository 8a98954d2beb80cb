/**
 * The tags of a page with their attribute names, and the values of attributes, as the HTML standard reads start tags.
 * Text, comments and the style sheet fall out. Throws on a `<` that begins no tag, which escaped text never has.
 */
export function tagsOf(page: string): { name: string; attributes: Record<string, string> }[] {
  const tags: { name: string; attributes: Record<string, string> }[] = [];
  const markup = page.replace(/<style>[^<]*<\/style>/g, '');
  for (let at = markup.indexOf('<'); at !== -1; at = markup.indexOf('<', at + 1)) {
    const tag = /^<(\/?[a-z][a-z0-9]*|!doctype)((?:\s+[a-z][a-z0-9-]*(?:="[^"<>]*")?)*)\s*\/?>/i.exec(
      markup.slice(at),
    );
    if (!tag) throw new Error(`markup that is no tag: ${markup.slice(at, at + 60)}`);
    const attributes: Record<string, string> = {};
    for (const [, name = '', value = ''] of (tag[2] ?? '').matchAll(/([a-z][a-z0-9-]*)(?:="([^"]*)")?/gi))
      attributes[name] = value;
    tags.push({ name: tag[1] ?? '', attributes });
  }
  return tags;
}

/**
 * What of Markdown has a meaning of its own: words, escaped characters and the content of code spans are taken away.
 * Two texts with the same skeleton have the same structure.
 */
export function skeletonOf(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => {
      const start = /^(?:\s*(?:[-+*>]|#+|\d+[.)])\s+)*/.exec(line)?.[0].replace(/\d+/g, '1') ?? '';
      const inline = line
        // A backslash escapes nothing inside a code span, except the pipe of a table cell.
        .replace(/\\[!-/:-@[-`{-~]|(?<!`)(`+)(?!`)(?:.*?[^`])??\1(?!`)/g, (found) =>
          found.startsWith('\\') ? '' : '\u00a7',
        )
        .replaceAll('://', '\u00a4')
        .replace(/www\./gi, '\u00a4')
        .replace(/&#?\w+;/g, '\u00a4')
        .replace(/(?<=\w)_(?=\w)/g, '')
        .replace(/[^`*_<>|[\]~\u00a7\u00a4]/g, '');
      return start + inline;
    })
    .join('\n');
}
