import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { FlagPlan, FlagProvider } from '../domain/flag.ts';
import type { FlagSettings } from '../domain/flag-settings.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';
import { type Strategy, extension } from './strategy.ts';

/** The new version for everybody with its feature hidden, then the feature for a growing share of users. */
export const featureFlag: Strategy = {
  name: 'feature-flag',
  summary: 'the new version for everybody, its feature for a growing share of users',
  phases: (environment) => {
    const { flag, steps, duration, bake } = settingsOf(environment);
    const watched = { minimumSample: environment.thresholds.minimum_sample, judged: true };
    return [
      {
        name: `switch, ${flag} at 0 %`,
        weight: 100,
        bakeMs: bake,
        extendToMs: extension(bake),
        ...watched,
        flag: 0,
      },
      ...steps.map((percent) => ({
        name: `${flag} at ${percent} %`,
        weight: 100,
        bakeMs: duration,
        extendToMs: extension(duration),
        ...watched,
        flag: percent,
      })),
    ];
  },
  notes: ({ environment }) => {
    const { flag } = settingsOf(environment);
    const apart = environment.metrics.filter(({ compare }) => compare === 'candidate-vs-stable');
    return [
      `From its first step on the new version has all traffic, ${flag} at 0 %. While the flag rises it is compared with its own errors and latencies at 0 %, not with stable at the same time: a difference can also come from the time of day.`,
      ...(apart.length > 0
        ? [
            `${apart.map(({ name }) => name).join(', ')} compare the candidate with stable, which has no traffic then: compare them with a baseline instead.`,
          ]
        : []),
    ];
  },
  flag: (environment): FlagPlan => {
    const settings = settingsOf(environment);
    return { flag: settings.flag, provider: providerOf(settings), rollback: settings.rollback };
  },
  backFirst: ({ environment, stable }) => {
    const { flag, rollback } = settingsOf(environment);
    return [
      `${flag} is set to 0 % first and read again: nobody sees the feature any more.`,
      ...(rollback === 'keep'
        ? [
            `Where the new version is healthy without the feature, it keeps serving; else ${stable} is brought back, as below.`,
          ]
        : []),
    ];
  },
};

/** Throws code `bad-config` (78) where the environment names no flag. */
function settingsOf(environment: EnvironmentSettings): FlagSettings {
  const settings = environment['feature-flag'];
  if (settings) return settings;
  throw new OrchestraError('bad-config', 'the strategy feature-flag needs the settings feature-flag', {
    exit: exitCode.config,
    hint: 'name the flag and its provider under `feature-flag:` of the environment in orchestra.yaml; see docs/strategies.md',
  });
}

/** Throws `TypeError` for settings that were not checked. */
function providerOf(settings: FlagSettings): FlagProvider {
  const { on, off, path, env, timeout } = settings;
  if (settings.provider === 'file' && path !== undefined) return { kind: 'file', path, on, off };
  const [setter, ...setArguments] = settings.set ?? [];
  const [reader, ...readArguments] = settings.read ?? [];
  if (setter === undefined || reader === undefined) throw new TypeError('a flag without a provider');
  return {
    kind: 'command',
    set: [setter, ...setArguments],
    read: [reader, ...readArguments],
    env,
    timeoutMs: timeout,
  };
}
