import type { Actor } from './actor.ts';
import type { ActiveAgent } from './agents.ts';

/** `Ada`, and where somebody works in their name: `Ada (claude)`, `Ada (github-actions)`. */
export function actorWords({ name, tool }: Pick<Actor, 'name' | 'tool'>): string {
  return tool === undefined ? name : `${name} (${tool})`;
}

/** `Ada (claude) asked`, `Grace watches (pid 4242)`, `conductor (pid 4243)`. */
export function agentWords(agent: ActiveAgent): string {
  const { name, role, pid } = agent;
  if (role === 'conducts') return `${name} (pid ${pid})`;
  const who = actorWords(agent);
  if (role === 'watches') return `${who} watches (pid ${pid})`;
  return pid === undefined ? `${who} asked` : `${who} asked and watches (pid ${pid})`;
}
