import { parse } from '@babel/parser';
import { isNode, isNodes, type Node } from './offers.ts';

/** A type's syntax with its text, and whether it stands for a value that is used or a type that is also made. */
interface Written {
  use: 'value' | 'type';
  /** What stands before the type itself: type parameters, what it extends. */
  head: string;
  type: Typed;
}

interface Typed {
  node: Node;
  text: string;
}

/** A signature as `offers` writes it, read as a type; undefined for what is none, as a default of no known type. */
export function typeOf(signature: string): Written | undefined {
  const rest = signature.slice(genericEnd(signature));
  const alias = rest.startsWith('=') && !rest.startsWith('=>');
  const declared = /^(?:\{|extends\b)/u.test(rest);
  const source = alias
    ? `type X${signature}`
    : declared
      ? `interface X${signature}`.replace('Xextends', 'X extends')
      : `type X = ${asType(signature)}`;
  if (source.length > 20_000) return undefined;
  try {
    const { program } = parse(source, { sourceType: 'module', plugins: [['typescript', { dts: true }]] });
    const [first]: unknown[] = program.body;
    if (!isNode(first)) return undefined;
    const body = first['body'];
    const members = isNode(body) ? body['body'] : undefined;
    const node =
      declared && isNode(body) ? { ...body, type: 'TSTypeLiteral', members } : first['typeAnnotation'];
    if (!isNode(node)) return undefined;
    const head = source.slice(0, node.start ?? 0);
    return { use: alias || declared ? 'type' : 'value', head, type: { node, text: source } };
  } catch {
    return undefined;
  }
}

/** Where the type parameters at the beginning end. */
function genericEnd(signature: string): number {
  if (!signature.startsWith('<')) return 0;
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    const char = signature.charAt(i);
    if (char === '<') depth += 1;
    else if (char === '>' && signature.charAt(i - 1) !== '=') depth -= 1;
    if (depth === 0) return i + 1;
  }
  return 0;
}

function asType(signature: string): string {
  if (signature.startsWith('class {')) return signature.slice('class '.length);
  if (signature.startsWith(':')) return signature.slice(1);
  return signature.includes(') => ') ? signature : `${signature} => any`;
}

const textOf = ({ node, text }: Typed) => text.slice(node.start ?? 0, node.end ?? 0);

const generic = new Set([
  'Array',
  'ReadonlyArray',
  'Promise',
  'PromiseLike',
  'Readonly',
  'Iterable',
  'Set',
  'Map',
]);

const literal = /^(?:'[^']*'|"[^"]*")$/u;

/**
 * Whether a value of the one type is certainly one of the other: what stays unclear is not. A function that is `handed`
 * in may take fewer arguments than it is given; one that callers call may not.
 */
export function assignable(from: Typed, to: Typed, handed = false, depth = 0): boolean {
  if (depth > 30) return false;
  const [a, b] = [bare(from), bare(to)];
  if (textOf(a) === textOf(b) || /^(?:any|unknown)$/u.test(textOf(b)) || /^(?:any|never)$/u.test(textOf(a)))
    return true;
  const next = (one: Typed, other: Typed) => assignable(one, other, handed, depth + 1);
  const taken = (one: Typed, other: Typed) => assignable(one, other, !handed, depth + 1);
  if (a.node.type === 'TSUnionType') return parts(a, 'types').every((one) => next(one, b));
  if (b.node.type === 'TSUnionType') return parts(b, 'types').some((one) => next(a, one));
  if (b.node.type === 'TSIntersectionType') return parts(b, 'types').every((one) => next(a, one));
  if (a.node.type === 'TSIntersectionType') return parts(a, 'types').some((one) => next(one, b));
  const [x, y] = [textOf(a), textOf(b)];
  if (y === 'string') return literal.test(x);
  if (y === 'number') return /^-?\d+(?:\.\d+)?$/u.test(x);
  if (y === 'boolean') return x === 'true' || x === 'false';
  if (a.node.type !== b.node.type) return false;
  switch (a.node.type) {
    case 'TSArrayType':
      return inner(a, 'elementType', b, next);
    case 'TSTypeReference':
      return referenced(a, b, next);
    case 'TSFunctionType':
    case 'TSMethodSignature':
      return callable(a, b, handed, next, taken);
    case 'TSTypeLiteral':
      return members(b).every((wanted) => given(members(a), wanted, next));
    default:
      return false;
  }
}

/** Whether a type that callers make and read alike still fits both: its members stay, what comes is optional. */
export function sameUse(old: Typed, now: Typed): boolean {
  const [a, b] = [bare(old), bare(now)];
  if (a.node.type !== 'TSTypeLiteral' || b.node.type !== 'TSTypeLiteral') return textOf(a) === textOf(b);
  const [was, is] = [members(a), members(b)];
  // An interface with methods is what a library hands out; one more method asks nothing of whoever calls it.
  const handedOut = was.some(isMethod);
  return (
    was.every((member) =>
      is.some(
        (other) =>
          keyOf(other) === keyOf(member) &&
          (textOf(other) === textOf(member) ||
            (isMethod(member) && isMethod(other) && assignable(asCall(other), asCall(member)))),
      ),
    ) &&
    is.every(
      (member) =>
        was.some((other) => keyOf(other) === keyOf(member)) ||
        member.node['optional'] === true ||
        keyOf(member).startsWith('_') ||
        (handedOut && isMethod(member)),
    )
  );
}

type Next = (from: Typed, to: Typed) => boolean;

function referenced(a: Typed, b: Typed, next: Next): boolean {
  const [x, y] = [child(a, 'typeName'), child(b, 'typeName')];
  if (!x || !y || textOf(x) !== textOf(y) || !generic.has(textOf(x))) return false;
  const lists = [a, b].map((one) => {
    const list = child(one, 'typeParameters') ?? child(one, 'typeArguments');
    return list ? parts(list, 'params') : [];
  });
  const [from = [], to = []] = lists;
  return from.length === to.length && from.every((one, i) => next(one, to[i] ?? one));
}

/** A call as it is written today still works: each argument is taken, no more are needed, the answer is one of the old. */
function callable(from: Typed, to: Typed, handed: boolean, next: Next, take: Next): boolean {
  if (textOf(child(from, 'typeParameters') ?? none) !== textOf(child(to, 'typeParameters') ?? none))
    return false;
  const [takes, given] = [parameters(from), parameters(to)];
  if (takes.length < given.length && !handed) return false;
  const taken = takes.every((param, i) => {
    const argument = given[i];
    if (!argument) return isOptional(param) || param.node.type === 'RestElement';
    if ((param.node.type === 'RestElement') !== (argument.node.type === 'RestElement')) return false;
    if (isOptional(argument) && !isOptional(param)) return false;
    const [old, now] = [annotation(argument), annotation(param)];
    return now === undefined || (old !== undefined && take(old, now));
  });
  const [answer, before] = [annotation(from), annotation(to)];
  return taken && (before === undefined || (answer !== undefined && next(answer, before)));
}

/** Whether one of these members serves who uses the wanted one. */
function given(all: readonly Typed[], wanted: Typed, next: Next): boolean {
  const found = all.filter((one) => keyOf(one) === keyOf(wanted));
  if (found.length === 0) return wanted.node['optional'] === true;
  return found.some((one) => {
    if (textOf(one) === textOf(wanted)) return true;
    if (one.node['optional'] === true && wanted.node['optional'] !== true) return false;
    if (one.node['readonly'] === true && wanted.node['readonly'] !== true) return false;
    if (isMethod(one) && isMethod(wanted)) return next(asCall(one), asCall(wanted));
    const [a, b] = [annotation(one), annotation(wanted)];
    return a !== undefined && b !== undefined && next(a, b);
  });
}

const none: Typed = { node: { type: 'none', start: 0, end: 0 }, text: '' };

function bare(typed: Typed): Typed {
  const within = typed.node.type === 'TSParenthesizedType' ? child(typed, 'typeAnnotation') : undefined;
  return within ? bare(within) : typed;
}

function child({ node, text }: Typed, key: string): Typed | undefined {
  const found = node[key];
  return isNode(found) ? { node: found, text } : undefined;
}

function parts({ node, text }: Typed, key: string): Typed[] {
  const found = node[key];
  return isNodes(found) ? found.map((one) => ({ node: one, text })) : [];
}

function inner(a: Typed, key: string, b: Typed, next: Next): boolean {
  const [x, y] = [child(a, key), child(b, key)];
  return x !== undefined && y !== undefined && next(x, y);
}

const members = (typed: Typed) => parts(typed, 'members');

function keyOf(member: Typed): string {
  const key = child(member, 'key');
  return key ? textOf(key) : member.node.type;
}

/** The type behind a parameter's, member's or call's colon or arrow. */
function annotation(typed: Typed): Typed | undefined {
  const found = child(typed, 'typeAnnotation') ?? child(typed, 'returnType');
  if (found?.node.type !== 'TSTypeAnnotation') return found;
  return child(found, 'typeAnnotation');
}

function parameters(typed: Typed): Typed[] {
  const own = parts(typed, 'parameters');
  return own.length > 0 ? own : parts(typed, 'params');
}

const isOptional = ({ node }: Typed) => node['optional'] === true;

function isMethod(member: Typed): boolean {
  return member.node.type === 'TSMethodSignature' || annotation(member)?.node.type === 'TSFunctionType';
}

/** A method, and a property that holds a function, are called alike. */
function asCall(member: Typed): Typed {
  const held = member.node.type === 'TSMethodSignature' ? undefined : annotation(member);
  const call = held ?? member;
  return { ...call, node: { ...call.node, type: 'TSMethodSignature' } };
}
