import type { RawFrame } from './frame-line.ts';

/** Installed packages can be committed too; their frames say nothing of who changed what. */
const installed = /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems|vendor)\//u;

/**
 * Finds the repository's file behind a frame's path. `roots` are the folders that the version ran from. What lies
 * elsewhere, belongs to an installed package or is no file of the version has none, so an invented path leads nowhere.
 */
export function sourcePaths(
  files: ReadonlySet<string>,
  roots: readonly string[],
): (frame: RawFrame) => string | undefined {
  const byName = new Map<string, string[]>();
  const namesakes = (name: string): readonly string[] => {
    if (byName.size === 0) {
      for (const file of files) {
        const base = file.slice(file.lastIndexOf('/') + 1);
        const known = byName.get(base);
        if (known) known.push(file);
        else byName.set(base, [file]);
      }
    }
    return byName.get(name) ?? [];
  };

  /** Java says the package, not the source folder; a Kotlin file may even lie outside its package's. */
  const ofPackage = (path: string): string | undefined => {
    const same = namesakes(path.slice(path.lastIndexOf('/') + 1));
    const fits = same.filter((file) => file === path || file.endsWith(`/${path}`));
    return fits.length === 1 ? fits[0] : same.length === 1 && path.includes('/') ? same[0] : undefined;
  };

  return (frame) => {
    const path = plainPath(frame.path);
    if (path === undefined || installed.test(path)) return undefined;
    if (frame.dialect === 'java') return ofPackage(path);
    if (/^(?:\/|[A-Za-z]:\/)/u.test(path)) {
      const root = roots.find((one) => path.startsWith(`${one}/`));
      const inside = root === undefined ? undefined : path.slice(root.length + 1);
      return inside !== undefined && files.has(inside) ? inside : undefined;
    }
    const relative = path.replace(/^(?:\.\/)+/u, '');
    if (files.has(relative)) return relative;
    // Go built with -trimpath begins with the module's name.
    const below = relative.slice(relative.indexOf('/') + 1);
    return frame.dialect === 'go' && files.has(below) ? below : undefined;
  };
}

function plainPath(path: string): string | undefined {
  if (!path.startsWith('file://')) return path.replaceAll('\\', '/');
  try {
    return decodeURIComponent(new URL(path).pathname);
  } catch {
    return undefined;
  }
}
