import { actionWords, pointWords } from '../src/domain/action.ts';
import { failureWords } from '../src/domain/after-action.ts';
import { artifactWords } from '../src/domain/artifact.ts';
import { commandWords } from '../src/domain/command.ts';
import { counted } from '../src/domain/counted.ts';
import { gatesWords, stopping } from '../src/domain/gate.ts';
import { formatDuration } from '../src/domain/duration.ts';
import type { Event, Outcome } from '../src/domain/event.ts';
import { effectText } from '../src/domain/effect-words.ts';
import { inSentences } from '../src/domain/in-sentences.ts';
import type { Phase } from '../src/domain/plan.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { reachWords } from '../src/domain/share-words.ts';
import type { Decision, Verdict } from '../src/domain/verdict.ts';
import { versionName } from './dialogs.ts';

export { effectText };

/** How a text should stand out; the theme gives it a colour. */
type Tone = 'plain' | 'quiet' | 'accent' | 'ok' | 'warn' | 'bad';

/** An outcome as people read it, with the mark that says the same without colour. */
export const outcomes: Readonly<Record<Outcome, { text: string; mark: string; tone: Tone }>> = {
  succeeded: { text: 'succeeded', mark: '✔', tone: 'ok' },
  rolled_back: { text: 'rolled back', mark: '↩', tone: 'warn' },
  failed: { text: 'failed', mark: '✖', tone: 'bad' },
  blocked: { text: 'blocked', mark: '■', tone: 'bad' },
  halted: { text: 'halted', mark: '‖', tone: 'warn' },
};

const decisionWords: Readonly<Record<Decision['kind'], readonly [string, Tone]>> = {
  wait: ['watching', 'accent'],
  continue: ['continue', 'ok'],
  pause: ['pause', 'warn'],
  roll_back: ['roll back', 'bad'],
};

/** A decision in a word and its colour. */
export function decisionWord(decision: Decision): readonly [string, Tone] {
  return decisionWords[decision.kind];
}

const verdictTones: Readonly<Record<Verdict['kind'], Tone>> = {
  passed: 'quiet',
  failed: 'bad',
  inconclusive: 'warn',
  error: 'warn',
};

/** How a verdict stands out; passed is nothing to look at. */
export function verdictTone({ kind }: Verdict): Tone {
  return verdictTones[kind];
}

function measureText({ reading, verdict, dryRun }: Extract<Event, { type: 'measure.read' }>): {
  text: string;
  tone: Tone;
} {
  if (verdict) {
    const text = `${verdict.kind}${dryRun ? ' (dry run)' : ''}: ${verdict.reason}`;
    return { text: safeText(text), tone: dryRun ? 'quiet' : verdictTone(verdict) };
  }
  const { stable } = reading;
  const said = stable?.kind === 'value' ? String(stable.value) : (stable?.reason ?? 'not read');
  return { text: safeText(`baseline of ${reading.measure}: ${said}`), tone: 'quiet' };
}

/** An event as one line of the log: what it says, and how it should stand out; `phases` are its deployment's. */
export function eventText(event: Event, phases: readonly Phase[] = []): { text: string; tone: Tone } {
  const plain = (text: string, tone: Tone = 'plain') => ({ text: safeText(text), tone });
  switch (event.type) {
    case 'deployment.requested':
      return plain(
        `${event.by.name} asked for a ${event.kind} in ${event.environment}, through ${event.through}${event.restOf ? `, the rest of ${event.restOf.deployment}` : ''}${event.why ? `: ${event.why}` : ''}`,
        'accent',
      );
    case 'conductor.started':
      return plain(`conductor ${event.pid} (${event.recovery}): ${event.reason}`, 'quiet');
    case 'command.received':
      return plain(
        `${event.by.name} via ${event.by.face}: ${commandWords(event.command)}${event.refused === undefined ? '' : ` refused, ${event.refused}`}`,
        event.refused === undefined ? 'accent' : 'warn',
      );
    case 'stage.started':
      return plain(`${event.stage} begins`, 'accent');
    case 'stage.finished':
      return plain(
        `${event.stage} ${event.status}: ${event.reason}`,
        event.status === 'failed' ? 'bad' : 'ok',
      );
    case 'effect.started':
      return plain(effectText(event.effect, phases), 'quiet');
    case 'effect.failed':
      return plain(inSentences(event.failure), 'bad');
    case 'candidate.built':
      return plain(
        `candidate ${versionName(event.version)} built from ${event.commits} commits${(event.regenerated ?? []).map(({ path, tool }) => `, ${path} regenerated (${tool})`).join('')}`,
      );
    case 'artifact.built':
      return plain(artifactWords(event.artifact));
    case 'papers.written':
      return plain(`${event.files.length} papers written`);
    case 'suite.finished':
      return plain(
        `${event.result.suite} ${event.result.status.replace('_', ' ')} in ${formatDuration(event.result.durationMs)}`,
        event.result.status === 'passed' ? 'ok' : 'bad',
      );
    case 'gates.checked':
      return plain(gatesWords(event.results), stopping(event.results).length > 0 ? 'bad' : 'ok');
    case 'tests.reported':
      return plain(`test report: ${event.file}`);
    case 'stable.lost':
      return plain(event.detail, 'bad');
    case 'stable.revived':
    case 'router.revived':
      return plain(event.detail, 'warn');
    case 'stable.ready':
    case 'verified':
    case 'cleaned':
    case 'restored':
      return plain(`${event.type.replace('.', ' ')}: ${event.detail}`);
    case 'culprit.found':
      return plain(`culprit: ${event.culprit.reason}`, 'warn');
    case 'candidate.started':
      return plain(`candidate healthy on port ${event.port}: ${event.detail}`);
    case 'candidate.prepared':
      return plain(event.detail);
    case 'scaled':
      return plain(event.detail, 'accent');
    case 'weight.set':
      return plain(
        event.actual > 0 && phases[event.phase]?.cohort?.kind === 'header'
          ? `candidate gets the ${reachWords(event.actual, event.phase, phases)}`
          : `candidate gets ${event.actual} % of the traffic (wanted ${event.wanted} %)`,
        'accent',
      );
    case 'flag.set':
      return plain(`${event.flag} is at ${event.actual} % of users`, 'accent');
    case 'measured':
      return plain(
        `measured ${event.place === undefined ? '' : `${event.place} `}at ${reachWords(event.sample.weight, event.phase, phases)}: ${event.sample.candidate.requests} requests, health ${event.sample.health.healthy}/${event.sample.health.total}`,
        'quiet',
      );
    case 'measurement.failed':
      return plain(
        `could not measure${event.place === undefined ? '' : ` ${event.place}`}: ${event.reason}`,
        'warn',
      );
    case 'measure.read':
      return measureText(event);
    case 'phase.started':
      return plain(
        event.name.includes(String(event.weight)) || phases[event.phase]?.cohort?.kind === 'header'
          ? `phase ${event.name}`
          : `phase ${event.name}: ${event.weight} %`,
        'accent',
      );
    case 'phase.decided': {
      const [word, tone] = decisionWord(event.decision);
      return plain(`${word}: ${event.decision.verdict.reason}`, tone);
    }
    case 'approval.requested':
      return plain('asks for an approval', 'warn');
    case 'approval.given':
      return plain(
        `approved by ${event.by.name}${event.missing === undefined ? '' : `; ${event.missing} more to come`}`,
        'ok',
      );
    case 'approval.expired':
      return plain(`the approval of ${event.by.join(', ')} counts no longer: ${event.reason}`, 'warn');
    case 'deployment.waiting':
      return event.until === undefined
        ? plain(`waits after ${event.after} for a person`, 'accent')
        : plain(`waits until ${event.until.slice(0, 16)}Z: ${event.reason ?? ''}`, 'warn');
    case 'deployment.paused':
      return plain(`paused: ${event.reason}`, 'warn');
    case 'deployment.resumed':
      return plain(`goes on: ${event.reason}`, 'accent');
    case 'rollback.started':
      return plain(`rolling back (${event.trigger}): ${event.reason}`, 'warn');
    case 'action.finished':
      return event.result.status === 'passed'
        ? plain(`${actionWords(event.result)} ${pointWords[event.result.point]}: ${event.result.detail}`)
        : plain(failureWords(event.result), 'bad');
    case 'promoted':
      return plain(`${versionName(event.version)} is stable now`, 'ok');
    case 'learned':
      return plain(`${counted(event.lessons.length, 'lesson')} learned`);
    case 'deployment.concluding':
      return plain(`${outcomes[event.outcome].text}: ${event.reason}`, outcomes[event.outcome].tone);
    case 'deployment.finished':
      return plain(
        `${outcomes[event.outcome].text} after ${formatDuration(event.durationMs)}: ${event.reason}`,
        outcomes[event.outcome].tone,
      );
    default:
      return event satisfies never;
  }
}
