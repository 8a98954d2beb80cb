/** Elements that name something from elsewhere. */
const elements = ['parent', 'dependency', 'plugin', 'extension', 'path'];

/** What stands inside such an element and has coordinates of its own, or none. */
const inner = /<(?:dependencies|exclusions|executions|configuration|annotationProcessorPaths)\b/u;

/** The packages a pom.xml asks for with a version, its properties put in; modules of the project itself are none. */
export function pomPackages(text: string): Map<string, string> {
  const plain = withoutComments(text);
  const properties = new Map<string, string>();
  for (const block of inside(plain, 'properties'))
    for (const line of block.split('\n')) {
      const match = /^\s*<([\w.-]{1,200})>([^<]{0,200})</u.exec(line);
      if (match) properties.set(match[1] ?? '', (match[2] ?? '').trim());
    }
  const own = groupOf(plain);
  const packages = new Map<string, string>();
  for (const element of elements)
    for (const block of inside(plain, element)) {
      const nested = inner.exec(block);
      const plainBlock = nested ? block.slice(0, nested.index) : block;
      const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((tag) =>
        leaf(plainBlock, tag),
      );
      if (!artifact || !version) continue;
      const property = /^\$\{([^}]{1,200})\}$/u.exec(version)?.[1];
      const known = property === undefined ? version : properties.get(property);
      if (known !== undefined && group !== own)
        packages.set(group ? `${group}:${artifact}` : artifact, known);
    }
  return packages;
}

/** The group the project itself belongs to: its own, else its parent's. */
function groupOf(text: string): string | undefined {
  const [parent = ''] = inside(text, 'parent');
  const head = text
    .replace(parent, '')
    .split(/<(?:dependencies|dependencyManagement|build|profiles|modules)\b/u)[0];
  return leaf(head ?? '', 'groupId') ?? leaf(parent, 'groupId');
}

function leaf(block: string, tag: string): string | undefined {
  const [value] = inside(block, tag);
  return value?.trim().slice(0, 200);
}

/** What stands between `<tag>` and its end, each time it does. */
function inside(text: string, tag: string): string[] {
  return text
    .split(`<${tag}>`)
    .slice(1)
    .map((part) => {
      const end = part.indexOf(`</${tag}>`);
      return end < 0 ? part : part.slice(0, end);
    });
}

function withoutComments(text: string): string {
  return text
    .split('<!--')
    .map((part, i) => {
      const end = part.indexOf('-->');
      return i === 0 ? part : end < 0 ? '' : part.slice(end + 3);
    })
    .join('');
}
