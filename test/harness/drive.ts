import type { Command } from '../../src/domain/command.ts';
import { begin, decide } from '../../src/domain/decide.ts';
import type { Effect } from '../../src/domain/effect.ts';
import type { EventBody } from '../../src/domain/event.ts';
import type { Input } from '../../src/domain/input.ts';
import { nextEffect } from '../../src/domain/next-effect.ts';
import type { Sample } from '../../src/domain/sample.ts';
import { at, Fold, readings, requested } from './deployment-events.ts';

export const version = { sha: 'b'.repeat(40), name: 'v2' };
const failure = { code: 'x', message: 'it broke', hint: 'mend it' };

/** What each effect gives when it goes well. */
function done(effect: Effect): EventBody {
  const { id } = effect;
  switch (effect.kind) {
    case 'build-candidate':
      return { type: 'candidate.built', effect: id, version, tree: 't', branch: null, commits: 1 };
    case 'build-artifact':
      return { type: 'artifact.built', effect: id, artifact: { kind: 'none', why: 'nothing to build' } };
    case 'write-papers':
      return { type: 'papers.written', effect: id, files: ['GUIDE.md'] };
    case 'run-suite': {
      const result = {
        suite: effect.suite.name,
        kind: 'unit',
        status: 'passed',
        exitCode: 0,
        durationMs: 5,
        log: 'l',
        tail: [],
      } as const;
      return { type: 'suite.finished', effect: id, result: { ...result, tail: [] } };
    }
    case 'report-tests':
      return { type: 'tests.reported', effect: id, file: 'test-report.html' };
    case 'ready-stable':
      return { type: 'stable.ready', effect: id, detail: '' };
    case 'prepare-candidate':
      return { type: 'candidate.prepared', effect: id, detail: '' };
    case 'scale':
      return {
        type: 'scaled',
        effect: id,
        phase: effect.phase,
        step: effect.step,
        candidate: 1,
        stable: 1,
        detail: '',
      };
    case 'start-candidate':
      return { type: 'candidate.started', effect: id, port: 1, pid: 2, detail: '' };
    case 'revive-stable':
      return { type: 'stable.revived', effect: id, detail: '' };
    case 'set-weight':
      return {
        type: 'weight.set',
        effect: id,
        phase: effect.phase,
        wanted: effect.weight,
        actual: effect.weight,
      };
    case 'set-flag':
      return {
        type: 'flag.set',
        effect: id,
        phase: effect.phase,
        flag: effect.flag,
        wanted: effect.percent,
        actual: effect.percent,
        by: { name: 'Ana', face: 'cli' },
        why: effect.why,
      };
    case 'check-gates':
      return { type: 'gates.checked', effect: id, when: effect.when, results: [] };
    case 'verify':
      return { type: 'verified', effect: id, detail: '' };
    case 'promote':
      return { type: 'promoted', effect: id, version };
    case 'clean-up':
      return { type: 'cleaned', effect: id, detail: '' };
    case 'restore-stable':
      return { type: 'restored', effect: id, detail: '' };
    case 'act':
      return {
        type: 'action.finished',
        effect: id,
        result: {
          kind: effect.action.kind,
          name: effect.action.name,
          point: effect.point,
          ...(effect.phase === undefined ? {} : { phase: effect.phase }),
          status: 'passed',
          detail: 'as it should be',
          durationMs: 5,
        },
      };
    case 'learn':
      return { type: 'learned', effect: id, lessons: ['one'] };
    case 'observe':
      throw new Error('observe never ends by itself');
    default:
      return effect satisfies never;
  }
}

/** Drives a fold the way the conductor does. */
class Drive extends Fold {
  readonly effects: string[] = [];

  take(input: Input, seconds = this.events.length): this {
    return this.add(...decide(this.d, input, new Date(at(seconds))));
  }

  /** Runs effects until one of `kind` is wanted, a person is waited for, or nothing is wanted. */
  until(kind?: Effect['kind']): this {
    for (let i = 0; i < 50; i++) {
      const effect = nextEffect(this.d);
      if (!effect || effect.kind === kind) return this;
      if (effect.kind === 'observe' && this.d.status.kind === 'paused') return this;
      this.start(effect);
      if (effect.kind === 'observe') this.watch();
      else this.take({ kind: 'effect-done', event: done(effect) });
    }
    throw new Error(`it never came to ${kind ?? 'an end'}: ${this.effects.join(' ')}`);
  }

  start(effect = nextEffect(this.d)): Effect {
    if (!effect) throw new Error('nothing is wanted');
    this.effects.push(effect.kind);
    this.add(...begin(this.d, effect));
    return effect;
  }

  /** The action that is wanted fails. */
  failAction(detail = 'it broke'): this {
    const effect = this.start();
    const event = done(effect);
    if (event.type !== 'action.finished') throw new Error(`${effect.kind} is no action`);
    return this.take({
      kind: 'effect-done',
      event: { ...event, result: { ...event.result, status: 'failed', detail } },
    });
  }

  fail(): this {
    const effect = this.start();
    return this.take({ kind: 'effect-failed', effect: effect.id, failure });
  }

  /** A phase's worth of good readings. */
  watch(change: { errors?: number } = {}): this {
    const from = Date.parse(this.d.updatedAt) / 1000 - Date.parse(at(0)) / 1000;
    for (const sample of readings(70, { candidate: 10, ...change }, from)) this.sample(sample);
    return this;
  }

  sample(sample: Sample): this {
    return this.take({ kind: 'sample', phase: this.d.phase, sample });
  }

  ask(command: Command, why?: string, name = 'Bo'): this {
    return this.take({
      kind: 'request',
      request: {
        id: `r${this.events.length}`,
        command,
        by: { name, face: 'cli' },
        ...(why === undefined ? {} : { why }),
      },
    });
  }

  get last() {
    return this.events.at(-1);
  }
}

/** A deployment that was requested, to be driven on. */
export const drive = (change: Parameters<typeof requested>[0] = {}) => new Drive(requested(change));
