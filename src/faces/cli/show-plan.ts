import { surenessText } from '../../domain/chance.ts';
import { type PlannedAction, plannedActions } from '../../domain/planned-actions.ts';
import { counted } from '../../domain/counted.ts';
import { formatDuration } from '../../domain/duration.ts';
import { candidatePlaces, saidOf } from '../../domain/places.ts';
import { copiesOf } from '../../domain/plan.ts';
import { shareWords } from '../../domain/share-words.ts';
import { versionWords } from '../../domain/version-words.ts';
import type { RestOf } from '../../domain/rest-of.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { Draft } from '../../engine/orchestrator.ts';

/** A plan for people: what goes where, how, and how it comes back. */
export function showPlan(draft: Draft): string[] {
  const { plan } = draft;
  const course = plannedActions(plan);
  const { source, stable } = draft;
  const named = source.kind === 'version' ? { name: source.ref, sha: source.sha } : undefined;
  const from = stable ? versionWords(stable, named ? [named] : []) : 'nothing yet';
  const to = named ? versionWords(named, stable ? [stable] : []) : counted(draft.features.length, 'feature');
  const places = candidatePlaces(plan);
  const before = told(course.before);
  const again = before
    .filter((text) => course.phases.length > 1 && course.phases.every((phase) => told(phase).includes(text)))
    .map((text) => text.split(':', 1).join());
  const widest = Math.max(5, ...plan.phases.map((p) => shareWords(p).length));
  return [
    `${draft.kind === 'rollback' ? 'Roll back' : 'Deploy'} ${draft.environment}: ${from} → ${to}`,
    `Risk ${plan.risk.toUpperCase()}${draft.risk ? `, success ${surenessText(draft.risk)}` : ''}, strategy ${plan.strategy} (${plan.strategyReason})`,
    ...draft.features.map(
      (f) => `  ${f.pulledIn ? '+' : '•'} ${f.id}  ${f.title}${f.pulledIn ? '  (pulled in)' : ''}`,
    ),
    ...(draft.restOf ? restLines(draft.restOf) : []),
    ...(plan.suitesSkipped === undefined
      ? [`Suites: ${plan.suites.map((s) => s.name).join(', ') || 'none in orchestra.yaml'}`]
      : [`Suites are skipped: ${plan.suitesSkipped}`]),
    `Traffic: ${places
      .map((p) => saidOf(plan, p.key, `${p.host}:${p.port}`))
      .join(', ')}, split by ${plan.router === 'embedded' ? 'the embedded proxy' : plan.router}`,
    ...(places.some((p) => copiesOf(p.service) > 1)
      ? [
          `Copies: ${places.map((p) => saidOf(plan, p.key, String(copiesOf(p.service)))).join(', ')} of a version`,
        ]
      : []),
    ...checks(course.before, 'Before the first traffic'),
    ...(again.length > 0 ? [`Again before each phase: ${again.join(', ')}`] : []),
    ...plan.phases.flatMap((p, i) => [
      `  ${shareWords(p).padStart(widest)}  ${p.name}, watched ${formatDuration(p.bakeMs)}`,
      ...told(course.phases[i] ?? [])
        .filter((text) => !before.includes(text))
        .map((text) => `         ${text}`),
    ]),
    ...checks(course.after, 'With all traffic'),
    ...(plan.measures?.length
      ? [
          `Measured beside requests: ${plan.measures.map((m) => `${m.name}${m.dryRun ? ' (dry run)' : ''}`).join(', ')}`,
        ]
      : []),
    `Promoted after ${formatDuration(plan.estimates.earliestPromotionMs)} at the earliest; rolled back within ${formatDuration(plan.estimates.longestRollbackMs)} at the longest`,
    'If it goes wrong:',
    ...plan.rollback.map((line) => `  - ${line}`),
    ...plan.notes.map((line) => `! ${line}`),
  ].map((line) => safeText(line, 500));
}

/** What stays out of the rest of a failed candidate, and why. */
function restLines({ deployment, without }: RestOf): string[] {
  return [
    `The rest of ${deployment}; left out:`,
    ...without.map(({ id, title, why }) => `  - ${id}  ${title}: ${why}`),
  ];
}

/** What is said beside the phases themselves: checks, migrations, smoke tests and hooks. */
function told(actions: readonly PlannedAction[]): string[] {
  const own = ['configuration-check', 'dependency-check', 'smoke', 'hook', 'migrate', 'approval'];
  return actions.filter(({ kind }) => own.includes(kind)).map(({ text }) => text);
}

function checks(actions: readonly PlannedAction[], when: string): string[] {
  const lines = told(actions);
  return lines.length === 0 ? [] : [`${when}:`, ...lines.map((line) => `  - ${line}`)];
}
