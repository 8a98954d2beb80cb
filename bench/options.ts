import path from 'node:path';

/** What the benches that measure histories, or simulate, are told; others need none of it. */
export interface BenchOptions {
  /** `--repository PATH`, as often as given. */
  repositories: string[];
  /** `--revision REV`: the newest commit measured. Default: HEAD. */
  revision: string | undefined;
  /** `--units N`: how many first-parent commits are measured. */
  units: number | undefined;
  /** `--runs N`: how many rollouts are simulated. */
  runs: number | undefined;
  /** `--seconds N`: how long events rush in. */
  seconds: number | undefined;
  /** `--data DIR`: where open data lies. Default: beside the repository. */
  data: string | undefined;
}

/** Takes the options out of the arguments; what is left are names. `wrong` says which option cannot be meant. */
export function readOptions(args: readonly string[]): {
  names: string[];
  json: boolean;
  options: BenchOptions;
  wrong: string | undefined;
} {
  const options: BenchOptions = {
    repositories: [],
    revision: undefined,
    units: undefined,
    runs: undefined,
    seconds: undefined,
    data: undefined,
  };
  const names: string[] = [];
  let json = false;
  let wrong: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const value = () => {
      i += 1;
      const next = args[i];
      if (next === undefined) wrong = `${arg} needs a value`;
      return next ?? '';
    };
    if (arg === '--json') json = true;
    else if (arg === '--repository') options.repositories.push(value());
    else if (arg === '--data') options.data = value();
    else if (arg === '--revision') options.revision = value();
    else if (arg === '--units' || arg === '--runs' || arg === '--seconds') {
      const text = value();
      if (!/^[1-9]\d{0,5}$/u.test(text)) wrong = `${arg} needs a number from 1, not "${text}"`;
      options[arg === '--units' ? 'units' : arg === '--runs' ? 'runs' : 'seconds'] = Number(text);
    } else names.push(arg);
  }
  return { names, json, options, wrong };
}

/** What a repository is called: its folder, or the one above where that is a mere store. */
export function nameOf(repository: string): string {
  const parts = path.resolve(repository).split(path.sep);
  const last = parts.at(-1) ?? repository;
  return (/^(?:repo|\.git)$/u.test(last) ? parts.at(-2) : last) ?? repository;
}
