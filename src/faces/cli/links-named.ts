import { OrchestraError, exitCode } from '../../domain/errors.ts';
import { type Link, linkKinds } from '../../domain/link.ts';
import { safeText } from '../../domain/safe-text.ts';

/** An option that may be said again, and may hold several ids with commas. */
export function eachLink(value: string, before: string[] | undefined): string[] {
  const ids = value
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
  return [...(before ?? []), ...ids];
}

/** What `--change`, `--issue` and `--spec` name. Throws `usage` (2) for what cannot be an id. */
export function linksNamed(named: Partial<Record<Link['kind'], string[]>>): { links?: Link[] } {
  const links = linkKinds.flatMap((kind) =>
    (named[kind] ?? []).map((id): Link => {
      if (/^[\w./:#@-]{1,100}$/u.test(id)) return { kind, id, from: 'named' };
      throw new OrchestraError('usage', `--${kind} ${JSON.stringify(safeText(id, 60))} is no id`, {
        exit: exitCode.usage,
        hint: 'letters, digits and . / : # @ _ -, a hundred at most: CHG-12, #34, docs/cart.md',
      });
    }),
  );
  return links.length > 0 ? { links } : {};
}
