import type { ProjectFiles } from '../../../src/ports/project.ts';

/** A project that exists only in a test: path to text. */
export function projectOf(files: Record<string, string>): ProjectFiles {
  return {
    list: () => Promise.resolve(Object.keys(files)),
    read: (path) => Promise.resolve(files[path]),
  };
}

export const manifest = (value: object) => JSON.stringify(value);
