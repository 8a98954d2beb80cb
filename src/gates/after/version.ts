import { candidatePlaces, saidOf } from '../../domain/places.ts';
import type { PlacePlan } from '../../domain/plan.ts';
import { saysVersion, wrongVersionText } from '../../domain/says-version.ts';
import { failed, passed } from '../gate.ts';
import { afterRollout, type RolledOut } from './rolled-out.ts';

/** In every place users reach the version that was to be deployed, and no other (REQUIREMENTS G3). */
export const version = afterRollout(
  { id: 'version', title: 'the expected version answers' },
  async (context) => {
    const { plan } = context.deployment;
    const right: string[] = [];
    const wrong: string[] = [];
    for (const place of candidatePlaces(plan)) {
      const { holds, said } = await answerOf(context, place);
      (holds ? right : wrong).push(saidOf(plan, place.key, said));
    }
    return wrong.length > 0
      ? failed(
          wrong.join('; '),
          'another process answers on its port, its build is an old one, or something else changed the router',
        )
      : passed(right.join('; '));
  },
);

async function answerOf(
  { running: { platform, router }, version: expected, signal }: RolledOut,
  { key, host, port, service }: PlacePlan,
): Promise<{ holds: boolean; said: string }> {
  const state = await router.read(key);
  const takesAll =
    state.candidate?.version.sha === expected.sha
      ? state.weight === 100 && !state.cohort
      : state.stable?.version.sha === expected.sha && state.weight === 0;
  if (!takesAll) return { holds: false, said: `the router does not send all traffic to ${expected.name}` };
  const copies = (await platform.running(key)).filter(({ version: { sha } }) => sha === expected.sha);
  if (copies.length === 0) return { holds: false, said: `no process of ${expected.name} runs` };
  const sends = `the router sends all traffic to ${expected.name} (pid ${copies.map(({ pid }) => pid).join(', ')})`;
  const path = service.health.versionPath;
  if (path === undefined)
    return { holds: true, said: `${sends}; the service does not say which version it is` };
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const answer = await platform.versionAt({ host: own, port }, service, signal);
  return answer !== undefined && saysVersion(answer, expected)
    ? { holds: true, said: `${sends}, and GET ${path} says so` }
    : { holds: false, said: wrongVersionText(`GET ${path} through the router`, answer, expected) };
}
