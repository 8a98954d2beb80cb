import { OrchestraError, messageOf } from '../domain/errors.ts';
import type { Plan } from '../domain/plan.ts';
import type { FlagService } from '../ports/flags.ts';

/** What a person should know of the plan's flag as it is now; reads it, changes nothing. */
export async function flagNotes(flags: FlagService, { flag: plan }: Plan): Promise<string[]> {
  if (!plan) return [];
  try {
    const { percent } = await flags.read(plan.provider, plan.flag);
    if (percent === 0) return [];
    return [
      `${plan.flag} is at ${percent} % now and goes to 0 % first: whoever sees its feature loses it until the flag rises again.`,
    ];
  } catch (error) {
    const hint = error instanceof OrchestraError ? ` ${error.hint}.` : '';
    return [`It cannot go on to its flag here: ${messageOf(error)}.${hint}`];
  }
}
