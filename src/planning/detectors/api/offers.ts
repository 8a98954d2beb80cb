import { parse } from '@babel/parser';
import { withoutBodies } from './bodies.ts';
import { BoundedMemory } from '../../bounded-memory.ts';

/** The syntax tree as far as it is looked at. */
export interface Node {
  type: string;
  start?: number | null;
  end?: number | null;
  [key: string]: unknown;
}

/** What a TypeScript module offers: name → how it is declared, undefined for what stands elsewhere. */
export type Offer = Map<string, string | undefined>;

/** Offers read last, by their text: what one change leaves is what the next one finds. */
const recent = new BoundedMemory<{ offer: Offer | undefined }>(24);
/** Characters of a text that is parsed: the parser takes seconds over a megabyte that is made to be hard on it. */
const longest = 300_000;
/** Characters of a text that is kept. */
const longestRecent = 200_000;

/** The offer of a module's text; undefined where it does not parse. */
export function offerOf(path: string, text: string): Offer | undefined {
  if (text.length > longestRecent) return readOffer(path, text);
  const key = `${path.includes('.d.') ? 'd' : path.endsWith('x') ? 'x' : 't'}${text}`;
  const known = recent.get(key) ?? { offer: readOffer(path, withoutBodies(text)) ?? readOffer(path, text) };
  recent.set(key, known);
  return known.offer;
}

function readOffer(path: string, text: string): Offer | undefined {
  const offer: Offer = new Map();
  if (text === '') return offer;
  if (text.length > longest) return undefined;
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

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

export function isNodes(value: unknown): value is Node[] {
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
    // One module may be named from here, from the root or by an alias of it.
    const from = isNode(source) ? String(source['value']).replace(/^(?:\.\/|@\/)/u, '') : '?';
    offer.set(`* of ${from}`, undefined);
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

function functionSignature(node: Node, text: string, answers = ' => '): string {
  const { typeParameters: generic, params, returnType } = node;
  const list = isNodes(params) ? params.map((param) => tidy(parameter(param, text))) : [];
  return `${isNode(generic) ? tidy(slice(generic, text)) : ''}(${list.join(', ')})${isNode(returnType) ? `${answers}${tidy(slice(returnType, text).replace(/^:\s*/u, ''))}` : ''}`;
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
      if (member.type.endsWith('Method')) return `${name}${functionSignature(member, text, ': ')}`;
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
