import { failed, type Gate, type GateFinding, passed, skipped } from '../gate.ts';
import { emergencyWords, momentOf, momentWords, waitFix, waitsForIt } from './window.ts';

/** No change freeze is in force (REQUIREMENTS G1). */
export const freeze: Gate = {
  id: 'freeze',
  title: 'no change freeze is in force',
  when: 'before',
  async look(context): Promise<GateFinding> {
    const { plan, environment } = context.subject;
    const { schedule } = plan;
    if (!schedule || schedule.freezes.length === 0)
      return skipped(`orchestra.yaml names no freezes for ${environment}`);
    const emergency = emergencyWords(context, 'freezes');
    if (emergency !== undefined) return skipped(emergency);
    const [{ freezeAt, nextOpening }, { freezeSpan }] = await Promise.all([
      import('../../domain/calendar/opening.ts'),
      import('../../domain/calendar/freezes.ts'),
    ]);
    const at = momentOf(context);
    const frozen = freezeAt(schedule, at);
    if (!frozen) {
      const next = schedule.freezes
        .map((each) => ({ why: each.why, ...freezeSpan(each) }))
        .filter(({ from }) => from > at)
        .toSorted((a, b) => a.from - b.from)[0];
      return passed(
        next ? `the next one begins ${momentWords(next.from, schedule)}: ${next.why}` : 'none is to come',
      );
    }
    const opens = nextOpening(schedule, at);
    const words = `${frozen.freeze.why}: frozen until ${momentWords(frozen.to, schedule)}`;
    if (opens === undefined) return failed(words, 'correct windows and freezes in orchestra.yaml');
    if (waitsForIt(context)) return skipped(`${words}, and the rollout waits for that`);
    return { ...failed(words, waitFix(environment)), opensAt: new Date(opens).toISOString() };
  },
};
