import type { Plan } from './plan.ts';

const strength = { off: 0, warning: 1, blocking: 2 } as const;

/** In which ways the gates of `after` let more through than those of `before`, in words; a plan without gates says nothing. */
export function loosenedGates({ gates: before }: Plan, { gates: after }: Plan): string[] {
  if (!before || !after) return [];
  const were = new Map(Object.entries(before.settings));
  const weaker = Object.entries(after.settings).flatMap(([id, { severity }]) => {
    const was = were.get(id)?.severity;
    return was !== undefined && strength[severity] < strength[was]
      ? [`the gate ${id} is ${severity} and was ${was}`]
      : [];
  });
  const { names } = after.settings.sign_offs;
  const gone = before.settings.sign_offs.names.filter((name) => !names.includes(name));
  return [
    ...weaker,
    ...gone.map((name) => `${name} has to be signed off no more`),
    ...(before.settings.sign_offs.by_another && !after.settings.sign_offs.by_another
      ? ['whoever asks may give the sign-offs alone']
      : []),
    ...(!before.settings.tests.override && after.settings.tests.override
      ? ['failed tests may be let pass']
      : []),
  ];
}
