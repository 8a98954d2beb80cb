import { fillVariables } from '../runtime/environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Values that came from the machine's environment, each kept out of whatever is shown. */
export interface Secrets {
  /** The value of a variable. Throws, naming it, when it is not set. */
  named(name: string): string;
  /** `text` with every `${NAME}` filled in, first from `given`. Throws code `missing-variable`. */
  fill(text: string, given: Readonly<Record<string, string>>): string;
  /** `text` with every value that was given out cut from it. */
  cutFrom(text: string): string;
}

/** Shorter values are words of any text: nothing would be left of it. */
const shortestSecret = 4;

/** Values by name from one environment. */
export function openSecrets(environment: Environment): Secrets {
  const given = new Set<string>();
  const remember = (value: string) => {
    for (const part of [value, ...value.split('\n')])
      if (part.trim().length >= shortestSecret) given.add(part.trim());
    return value;
  };
  return {
    named(name) {
      const value = environment[name];
      if (value === undefined || value === '')
        throw new Error(`the variable ${name} is not set where orchestrate was started`);
      return remember(value);
    },
    fill(text, own) {
      const filled = fillVariables({ text }, own, environment)['text'] ?? '';
      for (const [, name = ''] of text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g))
        remember((Object.hasOwn(own, name) ? own[name] : environment[name]) ?? '');
      return filled;
    },
    cutFrom(text) {
      // The longest first: a value may be a part of another.
      const values = [...given].sort((a, b) => b.length - a.length);
      return values.reduce((rest, value) => rest.replaceAll(value, '•••'), text);
    },
  };
}
