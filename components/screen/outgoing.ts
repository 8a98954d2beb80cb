import type { Bidi } from './abilities.ts';
import { holdColumns } from './hold-columns.ts';
import { fenced } from './right-to-left.ts';

/** Makes what is drawn into what is written. */
export type Outgoing = (drawn: string) => string;

/** What every frame goes through on its way out, in a terminal that orders text so. */
export function outgoingFor(bidi: Bidi): Outgoing {
  return bidi === 'ours' ? holdColumns : (drawn) => holdColumns(fenced(drawn));
}
