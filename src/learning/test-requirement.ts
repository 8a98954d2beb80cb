import type { Deployment } from '../domain/deployment.ts';
import { lackOfTests } from '../domain/lack-of-tests.ts';
import {
  askedOf,
  askWords,
  fulfils,
  isOpen,
  successesNeeded,
  type TestRequirement,
  untilWords,
} from '../domain/test-requirement.ts';
import { wordOf } from '../domain/what-counts.ts';

/** Enough for everything that is asked at a time; the oldest fall out. */
const mostKept = 100;

/** What later deployments are asked for, after this one: raised by a failure for lack of tests, nearer its end by a success. */
export function requirementAfter(known: readonly TestRequirement[], d: Deployment): TestRequirement[] {
  const word = wordOf(d);
  const raised = lackOfTests(d);
  const kept = known
    .filter((one) => one.deployment !== d.id && !raised.some((again) => sameAsk(one, again)))
    .map((one): TestRequirement => {
      if (one.environment !== d.environment || !isOpen(one)) return one;
      if (word?.kind === 'success' && fulfils(one, d)) return { ...one, met: [...one.met, d.id] };
      // In a row: what fails where it is asked for begins to be counted anew.
      const concerned = one.ask.kind === 'suite' || askedOf(one, d.source.features).length > 0;
      return word?.kind === 'failure' && concerned ? { ...one, met: [] } : one;
    });
  return [...kept, ...raised].slice(-mostKept);
}

function sameAsk(a: TestRequirement, b: TestRequirement): boolean {
  if (a.environment !== b.environment || a.ask.kind !== b.ask.kind) return false;
  if (a.ask.kind === 'suite') return b.ask.kind === 'suite' && a.ask.suite === b.ask.suite;
  return b.ask.kind === 'tests' && a.ask.feature === b.ask.feature;
}

/** What became of the test requirement by one deployment, in sentences; `after` has it in already. */
export function requirementSentences(after: readonly TestRequirement[], d: Deployment): string[] {
  return after.flatMap((one) => {
    if (one.deployment === d.id)
      return [
        `It failed for lack of tests: the next deployments to ${d.environment} need ${askWords(one)}, ${untilWords({ met: [] })}. ${one.evidence}.`,
      ];
    const nth = one.met.indexOf(d.id) + 1;
    if (nth === 0) return [];
    return [
      nth < successesNeeded
        ? `It went well with ${askWords(one)}, asked for since ${one.deployment} failed: ${nth} of ${successesNeeded} in a row.`
        : `The test requirement falls: ${successesNeeded} deployments in a row went well with ${askWords(one)} since ${one.deployment} failed; it is not asked for any more.`,
    ];
  });
}
