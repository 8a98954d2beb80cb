import { z } from 'zod';
import { featureIdSchema, selectionSchema, type Discovery } from './feature.ts';

/** So many waiting features are remembered beside a choice, what was chosen first; more would only slow the memory down. */
const mostKnown = 10_000;

/** So many commits of one feature are remembered: enough to know it again. */
const mostCommits = 100;

const knownSchema = z.object({
  id: featureIdSchema,
  /** Full shas, the newest ones where there are many. */
  commits: z.array(z.string().regex(/^[0-9a-f]{40,64}$/)).max(mostCommits),
  /** The deployment that had taken it back when the choice was made: the person knew. */
  takenBackIn: z.string().optional(),
});

/** What a person meant when choosing, so that the choice can be taken up again after the branch has moved. */
export const choiceSchema = z.object({
  strategy: z.enum(['recommended', 'critical', 'all', 'custom']),
  /** Ids as chosen, before closure. */
  wanted: z.array(featureIdSchema).max(mostKnown),
  /** Every feature that could be chosen then: what is not among them came later. */
  known: z.array(knownSchema).max(mostKnown),
});
export type Choice = z.infer<typeof choiceSchema>;

/** `deployment_memory/selection.json`: a selection with the choice behind it; older files have none. */
export const savedSelectionSchema = selectionSchema.extend({ choice: choiceSchema.optional() });
export type SavedSelection = z.infer<typeof savedSelectionSchema>;

type Known = z.infer<typeof knownSchema>;

/** What of a discovery's features is remembered; made once, since every toggle makes a choice. */
const remembered = new WeakMap<Discovery, readonly Known[]>();

function knownIn(discovery: Discovery): readonly Known[] {
  const found =
    remembered.get(discovery) ??
    discovery.features.map(({ id, commits, takenBackIn }) => ({
      id,
      commits: commits.slice(-mostCommits),
      ...(takenBackIn === undefined ? {} : { takenBackIn }),
    }));
  remembered.set(discovery, found);
  return found;
}

/** What was chosen, then the rest from its newest on. */
function chosenFirst(known: readonly Known[], chosen: ReadonlySet<string>): Known[] {
  const rest = known.filter(({ id }) => !chosen.has(id)).toReversed();
  return [...known.filter(({ id }) => chosen.has(id)), ...rest];
}

/** A choice made in this discovery. */
export function choiceIn(
  discovery: Discovery,
  strategy: Choice['strategy'],
  wanted: readonly string[],
): Choice {
  const chosen = new Set(wanted);
  const known = knownIn(discovery);
  return {
    strategy,
    wanted: [...chosen].slice(0, mostKnown),
    // The order only matters where some are left out.
    known: known.length <= mostKnown ? [...known] : chosenFirst(known, chosen).slice(0, mostKnown),
  };
}

/** The choice behind a saved selection. A file without one says only what ships: nothing that waits counts as new. */
export function choiceOf(saved: SavedSelection, discovery: Discovery): Choice {
  if (saved.choice) return saved.choice;
  const added = new Set(saved.added.map(({ id }) => id));
  const wanted = saved.selected.filter((id) => !added.has(id));
  const { known } = choiceIn(discovery, 'custom', wanted);
  const there = new Set(known.map(({ id }) => id));
  const gone = wanted.filter((id) => !there.has(id)).map((id) => ({ id, commits: [] }));
  return { strategy: 'custom', wanted, known: [...gone, ...known].slice(0, mostKnown) };
}
