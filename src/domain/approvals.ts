import type { Actor } from './actor.ts';
import { counted } from './counted.ts';
import type { Deployment, Yes } from './deployment.ts';
import { formatDuration } from './duration.ts';
import { listedWords } from './listed-words.ts';

type Who = Pick<Actor, 'name' | 'email'>;
type Asked = Pick<Deployment, 'plan' | 'by' | 'yeses'>;

const fold = (text: string) => text.trim().normalize('NFC').toLowerCase();

/** Whether two names or addresses stand for one person: the same name, or the same e-mail address. */
export function samePerson(a: Who, b: Who): boolean {
  if (fold(a.name) === fold(b.name)) return true;
  return a.email !== undefined && b.email !== undefined && fold(a.email) === fold(b.email);
}

function isNamed({ name, email }: Who, by: readonly string[]): boolean {
  return by.some((who) => fold(who) === fold(name) || (email !== undefined && fold(who) === fold(email)));
}

/** The yeses that count at `now`: none that was given too long ago. */
export function validYeses({ plan, yeses = [] }: Asked, now: Date): Yes[] {
  const { validForMs } = plan.approval ?? {};
  return validForMs === undefined
    ? yeses
    : yeses.filter(({ at }) => now.getTime() - Date.parse(at) < validForMs);
}

/** How many people still have to say yes; 0 where nobody has to. */
export function missingYeses(d: Asked, now: Date): number {
  const { approval } = d.plan;
  return approval ? Math.max(0, (approval.count ?? 1) - validYeses(d, now).length) : 0;
}

/** Why `who` may not approve a deployment: it is theirs, they are not among those who may, or have done so; else undefined. Pure. */
export function whyNotApprove(d: Asked, who: Who, now: Date): string | undefined {
  const { approval } = d.plan;
  if (!approval) return undefined;
  if (approval.byAnother && fold(who.name) === fold(d.by.name))
    return `another person has to approve it: ${d.by.name} asked for it`;
  if (approval.by && !isNamed(who, approval.by))
    return `${who.name} may not approve it; ${listedWords(approval.by, 'or')} may`;
  const before = validYeses(d, now).find(({ by }) => samePerson(by, who));
  return before ? `${before.by.name} has approved it already; ${missingWords(d, now)}` : undefined;
}

/** Those who may still say yes, as the settings name them; undefined where anybody may. */
export function whoMay(d: Asked, now: Date): string[] | undefined {
  const { approval } = d.plan;
  const taken = validYeses(d, now).map(({ by }) => by);
  return approval?.by?.filter((name) => {
    const named = (who: Who) => isNamed(who, [name]);
    return !taken.some(named) && !(approval.byAnother && named(d.by));
  });
}

/** How many yeses are missing and who may give them: `1 of 2 approvals is missing, Ana or Bo may give it`. */
export function missingWords(d: Asked, now: Date): string {
  const { approval } = d.plan;
  if (!approval) return 'nobody has to approve it';
  const missing = missingYeses(d, now);
  const count = approval.count ?? 1;
  if (missing === 0) return 'no approval is missing';
  const may = whoMay(d, now);
  const who = may
    ? may.length === 0
      ? 'and nobody who may is left'
      : `${listedWords(may, 'or')} may give ${missing === 1 ? 'it' : 'them'}`
    : approval.byAnother
      ? `anybody but ${d.by.name} may give ${missing === 1 ? 'it' : 'them'}`
      : `anybody may give ${missing === 1 ? 'it' : 'them'}`;
  return `${missing} of ${counted(count, 'approval')} ${missing === 1 ? 'is' : 'are'} missing, ${who}`;
}

/** Who has to say yes, of a plan: `2 of Ana, Bo and Cy (not who asked for it)`. Pure. */
export function approvalRule({
  byAnother,
  by,
  count = 1,
  validForMs,
}: NonNullable<Deployment['plan']['approval']>): string {
  const named = by && (count > 1 ? `${count} of ${listedWords(by, 'and')}` : listedWords(by, 'or'));
  const anybody =
    count > 1 ? `${count} ${byAnother ? 'other ' : ''}people` : byAnother ? 'another person' : 'a person';
  const besides = [
    ...(by && byAnother ? ['not who asked for it'] : []),
    ...(validForMs === undefined ? [] : [`a yes counts for ${formatDuration(validForMs)}`]),
  ];
  return `${named ?? anybody}${besides.length > 0 ? ` (${besides.join('; ')})` : ''}`;
}
