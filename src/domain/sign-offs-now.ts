import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import type { Plan } from './plan.ts';
import type { SignOff } from './sign-off.ts';

/** Whether a sign-off was given for this candidate. */
export function isFor(signOff: Pick<SignOff, 'tree' | 'sha'>, candidate: { tree?: string; sha?: string }) {
  return signOff.tree === candidate.tree || (signOff.sha !== undefined && signOff.sha === candidate.sha);
}

/** How the sign-offs of a candidate stand, each name once. */
export interface SignOffsNow {
  given: SignOff[];
  missing: string[];
  /** Given by nobody but who asked for the deployment, where another has to. */
  own: string[];
}

/** Which of the named sign-offs this candidate has; `asker` asked for the deployment. Pure. */
export function signOffsNow(
  { names, by_another: byAnother }: { names: readonly string[]; by_another: boolean },
  all: readonly SignOff[],
  candidate: { tree?: string; sha?: string },
  asker: string | undefined,
): SignOffsNow {
  const now: SignOffsNow = { given: [], missing: [], own: [] };
  for (const name of names) {
    const here = all.filter((signOff) => signOff.name === name && isFor(signOff, candidate));
    const counts = here.findLast(({ by }) => !byAnother || by.name !== asker);
    if (counts) now.given.push(counts);
    else if (here.length > 0) now.own.push(name);
    else now.missing.push(name);
  }
  return now;
}

/** How they stand for a running deployment: those that were given before it began, and into it. */
export function signOffsOf(d: Pick<Deployment, 'plan' | 'by' | 'candidate' | 'signOffs'>): SignOffsNow {
  const candidate =
    d.candidate.kind === 'none' ? {} : { tree: d.candidate.tree, sha: d.candidate.version.sha };
  const all = [...(d.plan.gates?.signOffs ?? []), ...(d.signOffs ?? [])];
  const wanted = d.plan.gates?.settings.sign_offs ?? { names: [], by_another: false };
  return signOffsNow(wanted, all, candidate, d.by.name);
}

/** Why a deployment may not go to production yet for want of sign-offs; undefined where it may. */
export function whyNotSignedOff(
  d: Pick<Deployment, 'plan' | 'by' | 'candidate' | 'signOffs' | 'environment'>,
): string | undefined {
  const { gates } = d.plan;
  if (!gates || gates.settings.sign_offs.severity !== 'blocking') return undefined;
  if (gates.overrides.some(({ gate }) => gate === 'sign_offs')) return undefined;
  const { missing, own } = signOffsOf(d);
  if (missing.length + own.length === 0) return undefined;
  return `${lackingWords({ missing, own })}; \`orchestrate deploy sign-off ${[...missing, ...own][0]} --env ${d.environment}\` gives it`;
}

/** What is missing, in words. */
export function lackingWords({ missing, own }: Pick<SignOffsNow, 'missing' | 'own'>): string {
  return [
    ...(missing.length > 0
      ? [`${counted(missing.length, 'sign-off')} missing for this candidate: ${missing.join(', ')}`]
      : []),
    ...own.map((name) => `${name} was signed off by who asked for the deployment: it has to be another`),
  ].join('; ');
}

/** Why a sign-off cannot be given to a running deployment now; undefined where it can. */
export function whyNotSignOff(d: Deployment, name: string, by: string): string | undefined {
  if (d.candidate.kind === 'none') return 'its candidate is not built yet';
  return whyNoSignOff(d.plan, name, by === d.by.name);
}

/** Why nobody, or not this person, can give a sign-off of that name; undefined where they can. */
export function whyNoSignOff({ gates, environment }: Plan, name: string, own: boolean): string | undefined {
  const names = gates?.settings.sign_offs.names ?? [];
  if (names.length === 0) return `${environment} asks for no sign-offs (gates.sign_offs)`;
  if (!names.includes(name)) return `${environment} asks for ${names.join(', ')}, not for ${name}`;
  return own && gates?.settings.sign_offs.by_another === true
    ? 'another person has to sign it off: who asked for it may not'
    : undefined;
}
