import { open } from 'node:fs/promises';
import path from 'node:path';
import { LineCounter, isAlias, isCollection, parseDocument, visit } from 'yaml';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { nearest } from '../domain/nearest.ts';
import { addressPrefix, placeSettingsOf } from '../domain/place-settings.ts';
import { safeText } from '../domain/safe-text.ts';
import { serviceOrder } from '../domain/service-order.ts';
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
  for (const [i, suite] of settings.suites.entries())
    for (const [j, needed] of suite.needs.entries())
      if (!suites.includes(needed)) add(['suites', i, 'needs', j], `no suite has the name "${needed}"`);
  for (const name of inCircle(settings.suites))
    add(
      ['suites', suites.indexOf(name), 'needs'],
      `"${name}" comes to need itself: none of them could begin`,
    );
  const { services, environments } = settings;
  const known = Object.keys(services);
  for (const [name, service] of Object.entries(services))
    for (const [i, needed] of service.depends_on.entries())
      if (!known.includes(needed))
        add(['services', name, 'depends_on', i], unknown('service', needed, known));
  const sorted = serviceOrder(services);
  if ('circle' in sorted)
    add(['services', sorted.circle[0] ?? '', 'depends_on'], `${sorted.circle.join(' → ')} is a circle`);
  addAliasProblems(known, add);
  const taken = new Map<string, string>();
  for (const [name, environment] of Object.entries(environments)) {
    const at = ['environments', name];
    const { after, regions } = environment;
    if (after !== undefined && (after === name || !Object.hasOwn(environments, after)))
      add(
        [...at, 'after'],
        after === name
          ? 'it cannot come after itself'
          : unknown('environment', after, Object.keys(environments)),
      );
    for (const [i, { service }] of environment.smoke.entries())
      if (service !== undefined && !known.includes(service))
        add([...at, 'smoke', i, 'service'], unknown('service', service, known));
    for (const [i, region] of regions.entries()) {
      if (regions.findIndex((other) => other.name === region.name) !== i)
        add([...at, 'regions', i, 'name'], `"${region.name}" is the name of another region`);
      for (const other of Object.keys(region.services).filter((key) => !known.includes(key)))
        add([...at, 'regions', i, 'services', other], unknown('service', other, known));
    }
    for (const other of Object.keys(environment.services).filter((key) => !known.includes(key)))
      add([...at, 'services', other], unknown('service', other, known));
    for (const { service, region, host, port } of placeSettingsOf(settings, environment)) {
      const where = region === undefined ? '' : ` in the region ${region}`;
      const path = known.length === 1 ? [...at, 'port'] : [...at, 'services', service, 'port'];
      const whose = [name, region, known.length === 1 ? undefined : service].filter((part) => part).join('.');
      const other = taken.get(`${host}:${port}`);
      if (port === undefined) add(path, `missing; expected the port that users of ${service} reach${where}`);
      else if (other === undefined) taken.set(`${host}:${port}`, whose);
      else add(path, `${port} on ${host}${where} is the port of "${other}" already`);
    }
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

function unknown(kind: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  const meant = near === undefined ? `; there are ${known.join(', ')}` : `, did you mean "${near}"?`;
  return `there is no ${kind} ${safeText(JSON.stringify(name), 80)}${meant}`;
}

/** Two services whose addresses would go by the same variables. */
function addAliasProblems(names: readonly string[], add: (at: PropertyKey[], message: string) => void): void {
  for (const [i, name] of names.entries()) {
    const other = names.slice(0, i).find((before) => addressPrefix(before) === addressPrefix(name));
    if (other !== undefined)
      add(['services', name], `${addressPrefix(name)}_URL would be the address of "${other}" too`);
  }
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

/** The suites that need themselves, over whatever others. */
function inCircle(suites: Settings['suites']): string[] {
  let left = [...suites];
  for (;;) {
    const next = left.filter(({ needs }) => needs.some((name) => left.some((other) => other.name === name)));
    if (next.length === left.length) return left.map(({ name }) => name);
    left = next;
  }
}
