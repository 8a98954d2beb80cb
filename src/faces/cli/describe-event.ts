import { actionWords, pointWords } from '../../domain/action.ts';
import { failureWords } from '../../domain/after-action.ts';
import { artifactWords } from '../../domain/artifact.ts';
import { commandWords } from '../../domain/command.ts';
import { counted } from '../../domain/counted.ts';
import { gatesWords } from '../../domain/gate.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { Event } from '../../domain/event.ts';
import type { Phase } from '../../domain/plan.ts';
import { instantForReader, readersTimeZone } from '../../domain/instant-words.ts';
import type { Trigger } from '../../domain/schedule.ts';
import { zoneOfPlan } from '../../domain/scheduled.ts';
import { restWords } from '../../domain/rest-words.ts';
import { safeText } from '../../domain/safe-text.ts';
import { reachWords } from '../../domain/share-words.ts';

/** An event as a line for people; undefined for those that only matter to programs. */
export type Describe = (event: Event) => string | undefined;

/** Describes a deployment's events one after the other, from its beginning, or with its phases where it is further on. */
export function describeEvents(known: readonly Phase[] = [], zoneOf = 'UTC'): Describe {
  let phases = known;
  let zone = zoneOf;
  return (event) => {
    if (event.type === 'deployment.requested') {
      ({ phases } = event.plan);
      zone = zoneOfPlan(event.plan);
    }
    const line = words(event, phases, zone);
    return line === undefined ? undefined : safeText(line, 500);
  };
}

function words(event: Event, phases: readonly Phase[], zone: string): string | undefined {
  switch (event.type) {
    case 'deployment.requested': {
      const count = event.source.features.length;
      const what = event.source.kind === 'selection' ? counted(count, 'feature') : event.source.ref;
      const rest = event.restOf ? `, the rest of ${restWords(event.restOf)}` : '';
      const kind = event.kind === 'rollback' ? 'roll back' : 'deploy';
      return `${event.deployment}: ${kind} ${event.environment} to ${what}${rest}, ${event.plan.strategy} (${event.plan.strategyReason}), asked by ${event.by.name}${triggerWords(event.trigger, event.plan.emergency)}`;
    }
    case 'conductor.started':
      return event.recovery === 'fresh'
        ? undefined
        : `conductor back (${event.recovery.replace('_', ' ')}): ${event.reason}`;
    case 'command.received':
      return `${event.by.name} (${event.by.face}): ${commandWords(event.command)}${event.refused === undefined ? '' : `, refused: ${event.refused}`}`;
    case 'stage.started':
      return `── ${event.stage} ──`;
    case 'stage.finished':
      return `${event.stage} ${event.status}: ${event.reason}`;
    case 'effect.failed':
      return `failed: ${event.failure.message} (${event.failure.hint})`;
    case 'candidate.built':
      // An existing revision has no commits of its own.
      return `candidate ${event.version.name} at ${event.version.sha.slice(0, 12)}${event.commits > 0 ? `, ${counted(event.commits, 'commit')}` : ''}${regeneratedText(event.regenerated)}`;
    case 'artifact.built':
      return artifactWords(event.artifact);
    case 'papers.written':
      return `${counted(event.files.length, 'document')} written`;
    case 'suite.finished': {
      const { suite, status, durationMs, exitCode } = event.result;
      return `suite ${suite} ${status.replace('_', ' ')} after ${formatDuration(durationMs)}${status === 'failed' ? ` (exit code ${exitCode})` : ''}`;
    }
    case 'gates.checked':
      return gatesWords(event.results);
    case 'tests.reported':
      return `test report: ${event.file}`;
    case 'stable.lost':
    case 'stable.revived':
    case 'router.revived':
    case 'stable.ready':
    case 'candidate.started':
    case 'candidate.prepared':
    case 'scaled':
    case 'verified':
    case 'cleaned':
    case 'restored':
      return event.detail;
    case 'culprit.found':
      return `culprit: ${event.culprit.reason}`;
    case 'phase.started':
      return `▶ ${event.name}`;
    case 'weight.set':
      return `traffic: ${reachWords(event.actual, event.phase, phases)} to the candidate`;
    case 'flag.set':
      return `flag ${event.flag}: ${event.actual} % of users`;
    case 'phase.decided':
      return `${event.decision.kind.replace('_', ' ')}: ${event.decision.verdict.reason}`;
    case 'measurement.failed':
      return `could not measure${event.place === undefined ? '' : ` ${event.place}`}: ${event.reason}`;
    case 'approval.given':
      return `approved by ${event.by.name}${event.why ? `: ${event.why}` : ''}${event.missing === undefined ? '' : `; ${counted(event.missing, 'approval')} more ${event.missing === 1 ? 'is' : 'are'} missing`}`;
    case 'approval.expired':
      return `the approval of ${event.by.join(', ')} counts no longer: ${event.reason}`;
    case 'measure.read':
      return event.verdict && event.verdict.kind !== 'passed'
        ? `measure ${event.verdict.kind}${event.dryRun ? ' (dry run)' : ''}: ${event.verdict.reason}`
        : undefined;
    case 'deployment.waiting':
      return event.until === undefined
        ? `waits after ${event.after} for somebody to go on`
        : `WAITS until ${instantForReader(event.until, zone, readersTimeZone())}, and goes on by itself: ${event.reason ?? ''}`;
    case 'deployment.paused':
      return `paused: ${event.reason}`;
    case 'deployment.resumed':
      return `resumed: ${event.reason}`;
    case 'rollback.started':
      return `ROLLING BACK (${event.trigger}): ${event.reason}`;
    case 'action.finished':
      return event.result.status === 'passed'
        ? `${actionWords(event.result)} ${pointWords[event.result.point]}: ${event.result.detail}`
        : failureWords(event.result);
    case 'promoted':
      return `${event.version.name} is stable now`;
    case 'learned':
      return event.lessons.length === 0 ? undefined : `learned: ${event.lessons.join(' · ')}`;
    case 'deployment.finished':
      return `${event.outcome.toUpperCase().replace('_', ' ')}: ${event.reason} (${formatDuration(event.durationMs)})`;
    case 'effect.started':
    case 'approval.requested':
    case 'measured':
    case 'deployment.concluding':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** How it came to be asked for, where a person did not simply do it. */
function triggerWords(trigger: Trigger | undefined, emergency: string | undefined): string {
  if (emergency !== undefined) return ` as an EMERGENCY: ${emergency}`;
  if (trigger?.kind === 'merge') return `, on merge to ${trigger.branch ?? 'its branch'}`;
  return trigger?.kind === 'schedule' ? ', for later' : '';
}

function regeneratedText(regenerated: readonly { path: string; tool: string }[] = []): string {
  return regenerated.map(({ path, tool }) => `, ${path} regenerated (${tool})`).join('');
}
