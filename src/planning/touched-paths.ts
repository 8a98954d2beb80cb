/**
 * Paths that changes touched, each with the newest change (by index) that did. A file also touches the folders it lies
 * in, since a file cannot lie where another change wants a folder.
 */
export class TouchedPaths {
  private readonly files = new Map<string, number>();
  private readonly folders = new Map<string, number>();

  add(paths: readonly string[], index: number): void {
    for (const path of paths) {
      note(this.files, path, index);
      for (const folder of foldersOf(path)) note(this.folders, folder, index);
    }
  }

  /** Those of `paths` that a change newer than `after` touched, or put something in the way of. */
  meeting(paths: readonly string[], after: number): string[] {
    const newer = (index: number | undefined) => index !== undefined && index > after;
    return paths.filter(
      (path) =>
        newer(this.files.get(path)) ||
        newer(this.folders.get(path)) ||
        foldersOf(path).some((folder) => newer(this.files.get(folder))),
    );
  }
}

function note(map: Map<string, number>, key: string, index: number): void {
  const known = map.get(key);
  if (known === undefined || known < index) map.set(key, index);
}

function foldersOf(path: string): string[] {
  const folders: string[] = [];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at));
  return folders;
}
