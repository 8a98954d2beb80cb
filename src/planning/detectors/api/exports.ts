import { parse } from '@babel/parser';
import type { Statement } from '../statements.ts';

/** The syntax tree as far as it is looked at. */
interface Node {
  type: string;
  start?: number | null;
  end?: number | null;
  [key: string]: unknown;
}

/** What a TypeScript module offers: name → how it is declared, undefined for what stands elsewhere. */
type Offer = Map<string, string | undefined>;

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
          breaks: !accepts(signature, changed),
        });
    }
  }
  for (const name of now.keys())
    if (!old.has(name)) statements.push({ text: `adds export ${name} to ${path}`, breaks: false });
  return statements;
}

function offerOf(path: string, text: string): Offer | undefined {
  const offer: Offer = new Map();
  if (text === '') return offer;
  try {
    const plugins: ('typescript' | 'jsx' | 'decorators')[] = path.endsWith('x')
      ? ['typescript', 'jsx', 'decorators']
      : ['typescript', 'decorators'];
    const { program } = parse(text, {
      sourceType: 'module',
      errorRecovery: true,
      plugins: path.includes('.d.') ? [['typescript', { dts: true }]] : plugins,
    });
    const local = new Map<string, string>();
    const body: unknown = program.body;
    if (!isNodes(body)) return undefined;
    for (const node of body)
      for (const [name, signature] of declared(node, text)) addSignature(local, name, signature);
    for (const node of body) exported(node, text, local, offer);
  } catch {
    return undefined;
  }
  return offer;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

function isNodes(value: unknown): value is Node[] {
  return Array.isArray(value) && value.every(isNode);
}

function exported(node: Node, text: string, local: Map<string, string>, offer: Offer): void {
  if (node.type === 'ExportDefaultDeclaration') {
    const inner = node['declaration'];
    const signature = isNode(inner)
      ? declared({ ...inner, id: inner['id'] ?? { type: 'Identifier', name: 'default' } }, text)[0]?.[1]
      : undefined;
    offer.set('default', signature);
  } else if (node.type === 'ExportAllDeclaration') {
    const source = node['source'];
    offer.set(`* of ${isNode(source) ? String(source['value']) : '?'}`, undefined);
  } else if (node.type === 'ExportNamedDeclaration') {
    const inner = node['declaration'];
    if (isNode(inner)) for (const [name] of declared(inner, text)) offer.set(name, local.get(name));
    const specifiers = node['specifiers'];
    if (isNodes(specifiers))
      for (const specifier of specifiers) {
        const [from, to] = [nameOf(specifier['local']), nameOf(specifier['exported'])];
        if (to !== undefined)
          offer.set(to, node['source'] || from === undefined ? undefined : local.get(from));
      }
  }
}

function nameOf(value: unknown): string | undefined {
  if (!isNode(value)) return undefined;
  const name = value['name'] ?? value['value'];
  return typeof name === 'string' ? name : undefined;
}

/** Overloads of one function are one signature. */
function addSignature(signatures: Map<string, string>, name: string, signature: string): void {
  const known = signatures.get(name);
  signatures.set(name, known === undefined || known === signature ? signature : `${known}; ${signature}`);
}

/** Names a statement declares, with their signatures: a function without its body, a class without its members' bodies. */
function declared(node: Node, text: string): [string, string][] {
  const inner =
    node.type === 'ExportNamedDeclaration' || node.type === 'ExportDefaultDeclaration'
      ? node['declaration']
      : node;
  if (!isNode(inner)) return [];
  const name = nameOf(inner['id']);
  switch (inner.type) {
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
      return [[name ?? 'default', functionSignature(inner, text)]];
    case 'ClassDeclaration':
      return name === undefined ? [] : [[name, classSignature(inner, text)]];
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
      return name === undefined
        ? []
        : [
            [
              name,
              tidy(
                slice(inner, text).replace(
                  /^(?:declare\s+)?(?:const\s+)?(?:interface|type|enum)\s+[\w$]+\s*/u,
                  '',
                ),
              ),
            ],
          ];
    case 'TSModuleDeclaration':
      return name === undefined ? [] : [[name, 'namespace']];
    case 'VariableDeclaration': {
      const list = inner['declarations'];
      return isNodes(list) ? list.flatMap((one): [string, string][] => variable(one, text)) : [];
    }
    default:
      return [];
  }
}

function variable(node: Node, text: string): [string, string][] {
  const id = node['id'];
  const name = nameOf(id);
  if (name === undefined || !isNode(id)) return [];
  const typed = id['typeAnnotation'];
  const value = node['init'];
  if (isNode(typed)) return [[name, tidy(slice(typed, text))]];
  const callable =
    isNode(value) && (value.type === 'ArrowFunctionExpression' || value.type === 'FunctionExpression');
  // Without a type the value's own is worked out by the compiler, not by us.
  return [[name, callable ? functionSignature(value, text) : '']];
}

function functionSignature(node: Node, text: string): string {
  const { typeParameters: generic, params, returnType } = node;
  const list = isNodes(params) ? params.map((param) => tidy(parameter(param, text))) : [];
  return `${isNode(generic) ? tidy(slice(generic, text)) : ''}(${list.join(', ')})${isNode(returnType) ? ` => ${tidy(slice(returnType, text).replace(/^:\s*/u, ''))}` : ''}`;
}

/** A parameter; one with a default is one that may be left out. */
function parameter(node: Node, text: string): string {
  const left = node['left'];
  if (node.type !== 'AssignmentPattern' || !isNode(left)) return slice(node, text);
  const typed = left['typeAnnotation'];
  return `${nameOf(left) ?? '{…}'}?${isNode(typed) ? slice(typed, text) : ''}`;
}

function classSignature(node: Node, text: string): string {
  const body = node['body'];
  const members = isNode(body) && isNodes(body['body']) ? body['body'] : [];
  const offered = members
    .filter(
      (member) =>
        member['accessibility'] !== 'private' &&
        !member.type.includes('Private') &&
        !/^[_#]/u.test(nameOf(member['key']) ?? ''),
    )
    .map((member) => {
      const name = `${member['static'] ? 'static ' : ''}${nameOf(member['key']) ?? '[…]'}`;
      if (member.type.endsWith('Method')) return `${name}${functionSignature(member, text)}`;
      const typed = member['typeAnnotation'];
      return isNode(typed) ? `${name}${tidy(slice(typed, text))}` : name;
    });
  return `class { ${offered.join('; ')} }`;
}

function slice(node: Node, text: string): string {
  return text.slice(node.start ?? 0, node.end ?? 0);
}

/** On one line, without comments, trailing commas and the space a formatter may move; a line's end parts members. */
function tidy(source: string): string {
  const lines = source
    .slice(0, 20_000)
    .replaceAll(/\/\*[^]*?\*\/|\/\/[^\n]*/gu, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines
    .map((line, i) => {
      const goesOn = /(?:=>|[,;{([<|&=:?])$/u.test(line) || /^[|&)}\]>?:.=,;]/u.test(lines[i + 1] ?? ')');
      return goesOn ? line : `${line};`;
    })
    .join(' ')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/ ?([(){}[\]<>;,|&]) ?/gu, '$1')
    .replaceAll(/[;,](?=[)}\]>]|$)/gu, '')
    .replaceAll(/([:,;|&])(?=\S)/gu, '$1 ')
    .replaceAll(/= ?(?=>)/gu, ' =')
    .replaceAll(/=>(?=\S)/gu, '=> ')
    .replaceAll(/ {2,}/gu, ' ')
    .trim();
}

/**
 * Whether callers of the old signature are served by the new one, as far as the text shows it: what came is optional (a
 * last parameter, a member, a type parameter with a default), or a class got more members.
 */
function accepts(old: string, now: string): boolean {
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
