import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import Module, { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

const native = createRequire(import.meta.filename);

/** More than one version's files, and an end to what old versions leave. */
const mostFiles = 64;

/** What was compiled from source in this process, by the file that would hold its code. */
const compiled = new Map<string, vm.Script>();

let folder: string | undefined;

/**
 * Runs `file` (CommonJS, absolute) and what it requires beside itself, compiled code coming from the cache where it is
 * there. From Node 22.1 on that is Node's own compile cache; before, files below a folder of the person's own. A cache
 * that is missing, stale, damaged or somebody else's only costs the time to compile.
 */
export function runCompiled(file: string): void {
  if (process.env['NODE_DISABLE_COMPILE_CACHE']) {
    native(file);
  } else if ('enableCompileCache' in Module && typeof Module.enableCompileCache === 'function') {
    Module.enableCompileCache();
    native(file);
  } else {
    runKept(file, cacheFolder());
  }
}

/** Runs `file` with the code kept in the folder `cache`, on any Node; undefined keeps nothing. */
export function runKept(file: string, cache: string | undefined): void {
  folder = cache;
  load(file);
}

/**
 * Keeps what this process compiled so far, the functions that ran included: that is what makes the next start quick.
 * Never throws; a full disk or a read-only home is no problem of the person's.
 */
export function keepCompiled(): void {
  if (folder === undefined || compiled.size === 0) return;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!isOurs(folder)) return;
    for (const [file, script] of compiled) writeWhole(file, script.createCachedData());
    compiled.clear();
    forgetOldest(folder);
  } catch {
    // The next start compiles again.
  }
}

function load(file: string): unknown {
  const known = native.cache[file];
  if (known) return known.exports;
  const module = new Module(file);
  module.filename = file;
  native.cache[file] = module;
  const dir = path.dirname(file);
  const run: unknown = scriptOf(file).runInThisContext();
  if (typeof run !== 'function') throw new TypeError(`${file} is not a module`);
  Reflect.apply(run, module.exports, [
    module.exports,
    (id: string): unknown => (id.startsWith('.') ? load(path.join(dir, id)) : native(id)),
    module,
    file,
    dir,
  ]);
  module.loaded = true;
  return module.exports;
}

function scriptOf(file: string): vm.Script {
  const text = readFileSync(file, 'utf8');
  const source = `(function (exports, require, module, __filename, __dirname) { ${text.startsWith('#!') ? `//${text}` : text}\n})`;
  const place = cacheFileOf(file);
  const cachedData = place === undefined ? undefined : readOurs(place);
  const script = new vm.Script(source, { filename: file, ...(cachedData ? { cachedData } : {}) });
  if (place !== undefined && (cachedData === undefined || script.cachedDataRejected))
    compiled.set(place, script);
  return script;
}

/** Only files that carry a hash of their content in their name: V8 itself compares no more than the length. */
function cacheFileOf(file: string): string | undefined {
  if (folder === undefined || path.basename(path.dirname(file)) !== 'chunks') return undefined;
  const { size, mtimeMs } = statSync(file);
  return path.join(folder, `${path.basename(file, '.js')}-${size}-${Math.trunc(mtimeMs)}.v8`);
}

function cacheFolder(): string | undefined {
  const { XDG_CACHE_HOME: xdg, HOME: home } = process.env;
  const base = xdg && path.isAbsolute(xdg) ? xdg : home && path.isAbsolute(home) && path.join(home, '.cache');
  return base ? path.join(base, 'orchestra', `code-${process.version}-${process.arch}`) : undefined;
}

/** Whether nobody else could have written here: compiled code is run without looking at it. */
function isOurs(dir: string): boolean {
  const info = lstatSync(dir, { throwIfNoEntry: false });
  return info?.isDirectory() === true && info.uid === process.getuid?.() && (info.mode & 0o022) === 0;
}

function readOurs(file: string): Buffer | undefined {
  let open: number | undefined;
  try {
    if (!isOurs(path.dirname(file))) return undefined;
    open = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW);
    const info = fstatSync(open);
    if (!info.isFile() || info.uid !== process.getuid?.() || (info.mode & 0o022) !== 0) return undefined;
    return undamaged(readFileSync(open));
  } catch {
    return undefined;
  } finally {
    if (open !== undefined) closeSync(open);
  }
}

/**
 * The code of a cache file, undefined when its two copies differ: V8 believes what it is given, and damaged code ends the
 * process. Comparing takes less time than loading what computes a checksum.
 */
function undamaged(copies: Buffer): Buffer | undefined {
  const code = copies.subarray(0, copies.length / 2);
  return code.length > 0 && code.equals(copies.subarray(code.length)) ? code : undefined;
}

/** On the disk before it has its name: half a file is never found under it. */
function writeWhole(file: string, data: Buffer): void {
  const draft = `${file}.${process.pid}`;
  const open = openSync(draft, 'wx', 0o600);
  try {
    writeFileSync(open, Buffer.concat([data, data]));
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
  renameSync(draft, file);
}

function forgetOldest(dir: string): void {
  const files = readdirSync(dir)
    .map((name) => path.join(dir, name))
    .map((file) => ({ file, at: lstatSync(file).mtimeMs }))
    .toSorted((a, b) => b.at - a.at);
  for (const { file } of files.slice(mostFiles)) rmSync(file, { force: true });
}
