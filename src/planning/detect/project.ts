import type { ProjectFiles } from '../../ports/project.ts';

/** More sources than this are not looked into: the first ones by path have the routes in most projects. */
const maxSources = 400;

/** Folders whose files are others' work, products of a build, or made for tests. */
const passedOver =
  /(^|\/)(node_modules|vendor|dist|build|out|target|bin|obj|\.[^/]+|coverage|tests?|specs?|__tests__|fixtures|examples?|docs?)\//;
const testFile = /(\.|_)(test|spec)\.[^/]+$|(^|\/)test_[^/]+$/;

/** A project's files with what detectors ask of them; every file is read once. */
export class Project {
  readonly #read: (path: string) => Promise<string | undefined>;
  readonly #known = new Map<string, Promise<string | undefined>>();
  readonly paths: readonly string[];
  readonly #all: ReadonlySet<string>;

  private constructor(files: ProjectFiles, paths: readonly string[]) {
    this.#read = (path) => files.read(path);
    this.paths = paths;
    this.#all = new Set(paths);
  }

  static async open(files: ProjectFiles): Promise<Project> {
    return new Project(files, [...(await files.list())].sort());
  }

  has(path: string): boolean {
    return this.#all.has(path);
  }

  /** The first of `paths` that exists. */
  first(...paths: string[]): string | undefined {
    return paths.find((path) => this.#all.has(path));
  }

  /** The first path that matches, in alphabetical order. */
  match(pattern: RegExp): string | undefined {
    return this.paths.find((path) => pattern.test(path));
  }

  /** A file's text; empty where there is none. */
  async text(path: string): Promise<string> {
    let known = this.#known.get(path);
    if (!known) {
      known = this.#all.has(path) ? this.#read(path) : Promise.resolve(undefined);
      this.#known.set(path, known);
    }
    return (await known) ?? '';
  }

  /** Paths of the project's own sources that match, tests and others' code left out. */
  sources(pattern: RegExp): string[] {
    const own = (path: string) => pattern.test(path) && !passedOver.test(path) && !testFile.test(path);
    return this.paths.filter(own).slice(0, maxSources);
  }
}
