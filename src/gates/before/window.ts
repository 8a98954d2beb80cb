import { instantForReader, readersTimeZone } from '../../domain/instant-words.ts';
import type { SchedulePlan } from '../../domain/schedule.ts';
import { failed, type Gate, type GateContext, type GateFinding, passed, skipped } from '../gate.ts';

/** Why a schedule does not hold this deployment up; undefined where it does. */
export function emergencyWords(
  { subject: { plan, deployment } }: GateContext,
  what: string,
): string | undefined {
  const why = deployment?.emergency?.why ?? plan.emergency;
  if (why === undefined) return undefined;
  const by = deployment?.emergency ? ` of ${deployment.emergency.by.name}` : '';
  return `an EMERGENCY${by} is not held up by ${what}: ${why}`;
}

/** What gets on where only time is in the way. */
export function waitFix(environment: string): string {
  return `\`orchestrate deploy ${environment} --at next-window\` prepares and tests now and goes on by itself then; in an emergency add --emergency --why REASON`;
}

/** A moment in the environment's time zone, and in that of who looks. */
export function momentWords(at: number, schedule: SchedulePlan): string {
  return instantForReader(at, schedule.timeZone, readersTimeZone());
}

/** The deployment was asked to wait, so that what is closed now holds up nothing yet. */
export function waitsForIt({ subject: { plan, deployment } }: GateContext): boolean {
  return deployment === undefined && plan.start?.kind === 'next-window';
}

/** What the machine's clock says; windows go by no other. */
function wallNow({ clock, wallClock = clock }: GateContext['ports']): number {
  return wallClock.now().getTime();
}

/** The moment for which it is looked: of one that is only planned for later, that one. */
export function momentOf({ subject: { plan, deployment }, ports }: GateContext): number {
  const now = wallNow(ports);
  return deployment === undefined && plan.start?.kind === 'at'
    ? Math.max(now, Date.parse(plan.start.at))
    : now;
}

/** A deployment window is open (REQUIREMENTS G1). */
export const window: Gate = {
  id: 'window',
  title: 'a deployment window is open',
  when: 'before',
  async look(context): Promise<GateFinding> {
    const { plan, environment } = context.subject;
    const { schedule } = plan;
    if (!schedule || schedule.windows.length === 0)
      return skipped(`orchestra.yaml names no windows for ${environment}`);
    const emergency = emergencyWords(context, 'windows');
    if (emergency !== undefined) return skipped(emergency);
    const { openWindow, nextOpening } = await import('../../domain/calendar/opening.ts');
    const at = momentOf(context);
    const then = at > wallNow(context.ports) ? `at ${momentWords(at, schedule)} it is ` : '';
    const open = openWindow(schedule, at);
    if (open)
      return passed(
        `${then}open${open.to === undefined ? ' all the time' : ` until ${momentWords(open.to, schedule)}`}`,
      );
    const opens = nextOpening(schedule, at);
    if (opens === undefined)
      return failed(`${then}closed, and never opens again`, 'correct windows and freezes in orchestra.yaml');
    const words = `${then}closed; it opens ${momentWords(opens, schedule)}`;
    if (waitsForIt(context)) return skipped(`${words}, and the rollout waits for that`);
    return { ...failed(words, waitFix(environment)), opensAt: new Date(opens).toISOString() };
  },
};
