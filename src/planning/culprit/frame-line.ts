/** Which way of printing stacks a line belongs to. */
export type Dialect = 'node' | 'java' | 'dotnet' | 'python' | 'ruby' | 'go' | 'php' | 'rust';

/** What a line of a stack says, as it says it. */
export interface RawFrame {
  dialect: Dialect;
  /** As printed; of Java the package's folders and the file, `com/shop/Cart.java`. */
  path: string;
  line: number;
  in?: string;
  /** The error itself, where the line tells it too (Ruby's first). */
  error?: LoggedName;
}

export interface LoggedName {
  name: string;
  message: string;
}

const longest = 1000;

/** The frame that a line of a log is; undefined for any other line. Linear in the line, whatever stands in it. */
export function frameOf(line: string): RawFrame | undefined {
  if (line.length > longest) return undefined;
  const text = line.trim();
  if (text.startsWith('at ')) return atFrame(text.slice(3));
  if (text.startsWith('File "')) return pythonFrame(text);
  if (text.startsWith('#')) return phpFrame(text);
  return rubyFrame(text) ?? goFrame(line);
}

function frame(dialect: Dialect, path: string, line: string | undefined, name = ''): RawFrame | undefined {
  const number = Number(line);
  if (path === '' || !Number.isInteger(number) || number < 1) return undefined;
  return { dialect, path, line: number, ...(name === '' ? {} : { in: name }) };
}

/** `at`, as Node, Java, .NET and Rust write it. */
function atFrame(rest: string): RawFrame | undefined {
  const dotnet = rest.lastIndexOf(':line ');
  if (dotnet > 0) {
    const path = rest.lastIndexOf(' in ', dotnet);
    if (path > 0)
      return frame('dotnet', rest.slice(path + 4, dotnet), rest.slice(dotnet + 6), rest.slice(0, path));
  }
  const text = rest.endsWith(' {') ? rest.slice(0, -2) : rest;
  const open = text.endsWith(')') ? text.lastIndexOf('(') : -1;
  const place = open < 0 ? text.replace(/^async /u, '') : text.slice(open + 1, -1);
  const name =
    open < 0
      ? ''
      : text
          .slice(0, open)
          .trim()
          .replace(/^async /u, '');
  const found = /:(\d{1,7})(?::\d{1,7})?$/u.exec(place);
  if (!found) return undefined;
  const path = place.slice(0, found.index);
  if (/\.(?:java|kt|kts|scala|groovy|clj)$/u.test(path) && !/[\\/]/u.test(path))
    return frame('java', [...packageOf(name), path].join('/'), found[1], name);
  return frame(path.endsWith('.rs') ? 'rust' : 'node', path, found[1], name);
}

/** The folders of `app//com.shop.Cart$Inner.add`: what stands before class and method, without loader and module. */
function packageOf(name: string): string[] {
  return name
    .slice(name.lastIndexOf('/') + 1)
    .split('.')
    .slice(0, -2);
}

function pythonFrame(text: string): RawFrame | undefined {
  const end = text.indexOf('", line ');
  if (end < 0) return undefined;
  const [line, name = ''] = text.slice(end + 8).split(', in ', 2);
  return frame('python', text.slice(6, end), line, name);
}

function phpFrame(text: string): RawFrame | undefined {
  const found = /^#\d{1,4} ([^(]{1,500})\((\d{1,7})\): ?(.{0,200})/u.exec(text);
  return found ? frame('php', found[1] ?? '', found[2], found[3]?.replace(/\(.*$/u, '')) : undefined;
}

function rubyFrame(text: string): RawFrame | undefined {
  const at = text.indexOf(':in ');
  if (at < 0) return undefined;
  const place = /^(?:from )?(.{1,500}\.(?:rb|ru|rake|erb|haml|slim)):(\d{1,7})$/u.exec(text.slice(0, at));
  if (!place) return undefined;
  const rest = text.slice(at + 4);
  const end = rest.indexOf("'", 1);
  const found = frame('ruby', place[1] ?? '', place[2], end < 0 ? '' : rest.slice(1, end));
  const said = end < 0 ? undefined : /^: (.{0,600}) \(([A-Z][\w:]{0,100})\)$/u.exec(rest.slice(end + 1));
  return found && said ? { ...found, error: { name: said[2] ?? '', message: said[1] ?? '' } } : found;
}

function goFrame(line: string): RawFrame | undefined {
  const found = /^\s{1,20}(\S.{0,500}\.go):(\d{1,7})(?: \+0x[0-9a-f]{1,16})?$/u.exec(line);
  return found ? frame('go', found[1] ?? '', found[2]) : undefined;
}
