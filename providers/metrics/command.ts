import { fillArgv } from '../../src/domain/placeholders.ts';
import type { RawReading } from '../../src/domain/measure-reading.ts';
import type { MeasureRequest, MeasureSource } from '../../src/ports/measures.ts';
import type { Runner } from '../../src/ports/runner.ts';
import { minimalEnvironment } from '../runtime/environment.ts';
import { readingIn } from './reading-in.ts';

/** What a program may write before it is ended, in bytes; and what is kept of it, from its end. */
const maxBytes = 1_000_000;
const keptBytes = 64_000;

/** How long a program that was told to end may take. */
const killAfterMs = 1000;

/** A program: the last line it writes to stdout is the reading, a number or JSON; nothing is no data. */
export function createCommandSource(options: { runner: Runner; cwd: string }): MeasureSource {
  return {
    async read(request): Promise<RawReading> {
      const { measure, context, signal } = request;
      const { source } = measure;
      if (source.kind !== 'command') throw new TypeError('not a command measure');
      const output = new Tail();
      const errors = new Tail();
      const result = await options.runner.program(fillArgv(source.run, context), {
        cwd: options.cwd,
        env: environmentOf(request, source.env),
        signal,
        timeoutMs: measure.timeoutMs,
        killAfterMs,
        onOutput: (chunk) => output.add(chunk),
        onErrorOutput: (chunk) => errors.add(chunk),
      });
      if (result.timedOut) throw new Error('it did not end in time and was ended');
      if (result.exitCode !== 0) {
        const how =
          result.exitCode === null
            ? `was ended by ${result.signal}`
            : `ended with exit code ${result.exitCode}`;
        const said = errors.lastLine() ?? output.lastLine();
        throw new Error(`it ${how}${said === undefined ? '' : `: ${said}`}`);
      }
      const line = output.lastLine();
      if (line === undefined) return { value: undefined };
      return readingIn(parsed(line), source.jsonPath, source.timePath);
    },
  };
}

/** JSON where it is such; else the line itself, which is a number or an error later on. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

/** What a program is told: the few variables that every program needs, those it names, and whose number is asked for. */
function environmentOf({ measure, context, secret }: MeasureRequest, names: readonly string[]) {
  return {
    ...minimalEnvironment(process.env),
    ...Object.fromEntries(names.map((name) => [name, secret(name)])),
    ORCHESTRA_MEASURE: measure.name,
    ORCHESTRA_DEPLOYMENT: context.deployment,
    ORCHESTRA_ENVIRONMENT: context.environment,
    ORCHESTRA_SERVICE: context.service,
    ORCHESTRA_SIDE: context.side,
    ORCHESTRA_VERSION: context.version.sha,
    ORCHESTRA_VERSION_NAME: context.version.name,
    ORCHESTRA_WINDOW_SECONDS: String(context.windowMs / 1000),
  };
}

/** The end of what a program writes. Throws when it writes without end, which ends the program. */
class Tail {
  #text = Buffer.alloc(0);
  #bytes = 0;

  add(chunk: Buffer): void {
    this.#bytes += chunk.byteLength;
    if (this.#bytes > maxBytes) throw new Error(`it wrote more than ${maxBytes} bytes`);
    const both = Buffer.concat([this.#text, chunk]);
    this.#text = both.subarray(Math.max(0, both.byteLength - keptBytes));
  }

  /** The last line that is not blank. */
  lastLine(): string | undefined {
    const lines = this.#text.toString('utf8').split('\n');
    return lines.findLast((line) => line.trim() !== '')?.trim();
  }
}
