import type { ActionPlan } from '../domain/action.ts';
import { candidatePlaces, placeName } from '../domain/places.ts';
import type { Plan } from '../domain/plan.ts';

/** What every version is told by Orchestra itself. */
const told = ['ORCHESTRA_VERSION', 'ORCHESTRA_ENVIRONMENT', 'ORCHESTRA_SERVICE', 'ORCHESTRA_DATA_DIR'];

/** The names that a plan needs from the environment of its conductor, each with the first that needs it. Pure. */
export function needed(plan: Plan): Map<string, string> {
  const all = new Map<string, string>();
  const need = (names: readonly string[], where: string) => {
    for (const name of names) if (!all.has(name)) all.set(name, where);
  };
  for (const place of candidatePlaces(plan)) {
    const own = new Set([...told, place.service.portEnv]);
    const written = { ...place.service.variables, ...place.variables };
    for (const [name, text] of Object.entries(written))
      need(
        filledIn(text).filter((wanted) => !own.has(wanted)),
        `${name} of ${placeName(place)}`,
      );
  }
  // What a service is told itself may stand in the address of what it requires.
  const own = new Set(
    candidatePlaces(plan).flatMap((p) => Object.keys({ ...p.service.variables, ...p.variables })),
  );
  for (const action of plan.actions ?? []) {
    const names = ofAction(action);
    const known = action.kind === 'dependency-check' ? names.filter((name) => !own.has(name)) : names;
    need(known, `the ${action.kind} ${action.name}`);
  }
  for (const { name, source } of plan.measures ?? [])
    need(
      source.kind === 'command' ? source.env : source.tokenEnv === undefined ? [] : [source.tokenEnv],
      `the metric ${name}`,
    );
  if (plan.flag?.provider.kind === 'command') need(plan.flag.provider.env, `the flag ${plan.flag.flag}`);
  return all;
}

/** Names that stand in a text as `${NAME}`. */
function filledIn(text: string): string[] {
  return [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g)].map(([, name = '']) => name);
}

/** What a check, smoke test or hook is given; what can fail without meaning anything is left to itself. */
function ofAction(action: ActionPlan): string[] {
  if (action.onFailure === 'ignore') return [];
  switch (action.kind) {
    case 'configuration-check':
      return [];
    case 'dependency-check': {
      const { target } = action;
      return target.kind === 'command'
        ? target.env
        : filledIn(target.kind === 'tcp' ? target.address : target.url);
    }
    case 'smoke': {
      const { test } = action;
      if (test.kind === 'command') return test.env;
      return [test.body ?? '', ...Object.values(test.headers)].flatMap(filledIn);
    }
    case 'hook':
      return action.env;
    default:
      return action satisfies never;
  }
}
