import { failureWords } from '../../domain/after-action.ts';
import { answerable, type Culprit, type LoggedError } from '../../domain/culprit.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { code, md } from '../../domain/markdown.ts';
import { candidatePlaces, placeName } from '../../domain/places.ts';
import type { Verdict } from '../../domain/verdict.ts';
import { outcomeOf } from './facts.ts';

/** What to do before trying again, as it follows from what took this deployment back; Markdown, first things first. */
export function nextSteps(deployment: Deployment, verdict: Verdict | undefined): string[] {
  const { culprit } = deployment;
  const error = culprit?.errors.find(({ alsoStable }) => !alsoStable);
  const begin = beginWith(deployment, verdict, error);
  return [
    ...(begin === undefined ? [] : [begin]),
    ...(deployment.candidate.kind === 'none' ? [] : [logStep(deployment)]),
    ...test(verdict, error, culprit),
    ...others(deployment),
  ];
}

function beginWith(
  d: Deployment,
  verdict: Verdict | undefined,
  error: LoggedError | undefined,
): string | undefined {
  const { culprit, failure } = d;
  const named = culprit?.kind === 'named' ? culprit.suspects[0] : undefined;
  const at = error ? `: ${placeOf(error)}` : '';
  if (named) return `Mend ${md(named.title)}${at}. What points at it: ${md(named.evidence.join('; '))}.`;
  if (error) return `Begin with the error that only the new version's log shows${at}.`;
  const byRule = verdict && byVerdict(verdict, culprit);
  if (byRule !== undefined) return byRule;
  const action = d.actions.findLast(({ status }) => status === 'failed');
  if (action && outcomeOf(d)?.reason === failureWords(action))
    return `Run what failed by hand, as it is in ${code('orchestra.yaml')}: ${md(failureWords(action))}.`;
  if (failure) return failure.hint ? md(failure.hint, 500) : undefined;
  return `No rule spoke against the new version: settle why it was taken back (${md(outcomeOf(d)?.reason ?? 'not known yet')}), then deploy it again.`;
}

/** Where an error arose, and how often it is there. */
function placeOf({ name, message, frames, count }: LoggedError): string {
  const [first] = frames;
  const what = md(message === '' ? name : `${name}: ${message}`);
  return `${what}${first ? ` at ${code(`${first.path}:${first.line}`)}` : ''} (${count} times)`;
}

function byVerdict({ rule, reason }: Verdict, culprit: Culprit | undefined): string | undefined {
  const worst = culprit?.routes?.[0];
  const on = worst ? `, first on ${md(worst.route)}` : '';
  switch (rule) {
    case 'error-rate':
    case 'error-evidence':
    case 'baseline-evidence':
      return `Find the requests that failed${on}: its log shows no error that the old version's does not.`;
    case 'latency':
    case 'latency-evidence':
      return `Measure what takes the time${on}: both versions, with the same requests.`;
    case 'memory':
      return `Find what holds the memory: start the new version, send it requests for a while and see what grows. If it needs as much, raise ${code('memory_limit')}.`;
    case 'health':
      return 'Start the new version by itself and ask its health check, also while it is under load.';
    case 'measurement':
      return `Mend what could not be measured (${md(reason)}): nothing else was found against the new version.`;
    default:
      return rule.startsWith('measure:')
        ? `Look at what ${code(rule.slice(8))} counts, for those who had the new version: ${md(reason)}.`
        : undefined;
  }
}

/** The place's log, from the state folder on: where that lies differs from machine to machine, and papers are shared. */
function logStep({ plan, candidate }: Deployment): string {
  const { sha } = candidate.kind === 'none' ? { sha: '' } : candidate.version;
  const places = candidatePlaces(plan);
  const logs = places.slice(0, 8).map((place) => {
    const log = code(`env/${place.key}/logs/${sha.slice(0, 12)}.log`);
    return places.length > 1 ? `${log} (${md(placeName(place))})` : log;
  });
  return `Read its log: ${logs.join(', ')} in the state folder of this repository, on the machine that deployed (${code('~/.local/state/orchestra')}, or ${code('ORCHESTRA_STATE_DIR')}).`;
}

/** The test that would have found it, where there is something to test. */
function test(
  verdict: Verdict | undefined,
  error: LoggedError | undefined,
  culprit: Culprit | undefined,
): string[] {
  const [first] = error?.frames ?? [];
  if (first)
    return [
      `Write the test that goes through ${code(`${first.path}:${first.line}`)} and fails, before mending it.`,
    ];
  if (!verdict) return [];
  const { rule } = verdict;
  const route = culprit?.routes?.[0]?.route;
  if (rule.startsWith('latency'))
    return ['Let a suite measure it, with a limit, so that the next one is found before users wait.'];
  if (rule.startsWith('error') || rule.startsWith('baseline'))
    return [
      `Write the test that would have failed${route === undefined ? '' : ` on ${md(route)}`}, and see it fail.`,
    ];
  return rule === 'health' ? ['Let a smoke test ask the same before it gets users.'] : [];
}

/** What of the others can go on without the one that was traced. */
function others({ id, source: { features }, culprit }: Deployment): string[] {
  const named = culprit?.kind === 'named' ? culprit.suspects[0] : undefined;
  const rest = features.filter(({ id, pulledIn }) => id !== named?.id && !pulledIn);
  if (features.length < 2 || rest.length === 0) return [];
  const traced = answerable(culprit);
  if (traced && traced.id === named?.id)
    return [
      `Ship the rest meanwhile: ${code('w')} on the screen, or ${code(`orchestrate deploy rest ${id}`)}, leaves out ${md(named.title)} and what needs it, and proves what is left.`,
    ];
  if (named)
    return [
      `Ship the rest meanwhile, where you hold ${md(named.title)} to be behind it: ${code(`orchestrate deploy rest ${id} --without ${named.id}`)} proves what is left.`,
    ];
  return rest.length < 2
    ? []
    : [
        `Ship the ${rest.length} features in smaller lots, so that the next rollback says more about which it is; or without those you hold to be behind it: ${code(`orchestrate deploy rest ${id} --without FEATURE`)}.`,
      ];
}
