import { open } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, isAlias, isCollection, parseDocument, visit } from 'yaml';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import { settingsSchema, type Settings } from '../domain/settings.ts';
import { printPath, problemsOf, type SettingsProblem } from './settings-problems.ts';
import { hasCode } from '../../providers/runtime/errno.ts';

export const settingsFileName = 'orchestra.yaml';

/** Far above what a person writes, far below what harms: bytes, nesting, and values that aliases repeat. */
const maxBytes = 1_000_000;
const maxDepth = 32;
const maxAliases = 100;

function printProblem(where: string, { path: at, line, message }: SettingsProblem): string {
  return `${where}${line === undefined ? '' : `:${line}`}: ${at === '' ? '' : `${at}: `}${message}`;
}

function bad(where: string, problems: SettingsProblem[], cause?: unknown): OrchestraError {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  return new OrchestraError('bad-config', `${first ? printProblem(where, first) : where}${more}`, {
    exit: exitCode.config,
    hint:
      problems.length > 1
        ? problems
            .slice(1, 20)
            .map((problem) => printProblem(where, problem))
            .join('\n')
        : `Correct ${where} and try again.`,
    details: { file: where, problems },
    cause,
  });
}

/** Brackets of flow collections nest without indentation, so they are counted before the parser recurses into them. */
function nestsTooDeep(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
    if (depth > maxDepth * 8) return true;
  }
  return false;
}

/** What the schema cannot say: names that are taken twice, ports that collide, patterns that do not compile. */
function contradictions(settings: Settings): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const add = (at: PropertyKey[], message: string) =>
    problems.push({ path: printPath(at), line: undefined, message });
  const suites = settings.suites.map((suite) => suite.name);
  for (const [i, name] of suites.entries())
    if (suites.indexOf(name) !== i) add(['suites', i, 'name'], `"${name}" is the name of another suite`);
  const taken = new Map<string, string>();
  for (const [name, { host, port }] of Object.entries(settings.environments)) {
    const other = taken.get(`${host}:${port}`);
    if (other === undefined) taken.set(`${host}:${port}`, name);
    else add(['environments', name, 'port'], `${port} on ${host} is the port of "${other}" already`);
  }
  for (const [i, pattern] of settings.selection.must_include.entries()) {
    try {
      RegExp(pattern, 'u');
    } catch (error) {
      add(
        ['selection', 'must_include', i],
        `${safeText(JSON.stringify(pattern), 80)} is no regular expression: ${safeText(messageOf(error), 200)}`,
      );
    }
  }
  return problems;
}

/**
 * The settings in the text of an `orchestra.yaml`; `where` names it in messages. Throws code `bad-config` (exit 78)
 * with every problem in `details.problems`: its path in the file, its line, the value, the nearest known name.
 */
export function parseSettings(text: string, where: string): Settings {
  const whole = (message: string, line?: number) => bad(where, [{ path: '', line, message }]);
  if (Buffer.byteLength(text) > maxBytes) throw whole(`larger than ${maxBytes} bytes`);
  if (nestsTooDeep(text)) throw whole(`nested deeper than ${maxDepth} levels`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0)
    throw bad(
      where,
      document.errors.map(({ message, pos }) => ({
        path: '',
        line: lines.linePos(pos[0]).line,
        message: safeText(message, 300),
      })),
    );
  let aliases = 0;
  let tooDeep = false;
  visit(document, (_, node, parents) => {
    if (isAlias(node)) aliases += 1;
    if (isCollection(node) && parents.filter((parent) => isCollection(parent)).length >= maxDepth) {
      tooDeep = true;
      return visit.BREAK;
    }
    return undefined;
  });
  if (tooDeep) throw whole(`nested deeper than ${maxDepth} levels`);
  if (aliases > maxAliases) throw whole(`more than ${maxAliases} aliases`);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw bad(where, [{ path: '', line: undefined, message: safeText(messageOf(error), 300) }], error);
  }
  const parsed = settingsSchema.safeParse(data ?? {});
  if (!parsed.success) throw bad(where, problemsOf(parsed.error, data, document, lines), parsed.error);
  const problems = contradictions(parsed.data);
  if (problems.length > 0) throw bad(where, problems);
  return parsed.data;
}

/** The text of `orchestra.yaml` in a folder. Throws code `no-config` (exit 78) when there is none. */
export async function readSettingsText(root: string): Promise<string> {
  const file = path.join(root, settingsFileName);
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (error) {
    if (hasCode(error, 'ENOENT'))
      throw new OrchestraError('no-config', `There is no ${settingsFileName} in ${root}`, {
        exit: exitCode.config,
        hint: 'Run "orchestrate init": it looks at the project and writes one.',
      });
    throw new OrchestraError('bad-config', `${file} cannot be read: ${messageOf(error)}`, {
      exit: exitCode.config,
      hint: 'Check its rights.',
      cause: error,
    });
  }
  try {
    const info = await handle.stat();
    if (!info.isFile() || info.size > maxBytes)
      throw bad(settingsFileName, [
        { path: '', line: undefined, message: `not a file of at most ${maxBytes} bytes` },
      ]);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** The settings of a repository. Throws code `no-config` or `bad-config` (both exit 78). */
export async function readSettings(root: string): Promise<Settings> {
  return parseSettings(await readSettingsText(root), settingsFileName);
}
