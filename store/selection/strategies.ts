import { chanceText } from '../../src/domain/chance.ts';
import type { Choice } from '../../src/domain/choice.ts';
import { counted } from '../../src/domain/counted.ts';
import { lookupIn } from '../../src/domain/dependencies.ts';
import type { Discovery, Selection } from '../../src/domain/feature.ts';
import type { Wanted } from '../../src/engine/orchestrator.ts';
import { strategyWords } from '../selection-words.ts';
import type { PickerOption, SelectionState } from '../state.ts';
import { totalsOf } from './totals.ts';

export interface StrategiesRequest {
  discovery: Discovery;
  /** What is chosen by now. */
  selection: Pick<SelectionState, 'strategy' | 'wanted' | 'ownChoice'>;
  /** The engine's closure; pure. */
  close: (wanted: Wanted) => Selection;
  choose: (strategy: Choice['strategy'], wanted: Wanted) => void;
}

/** What a choice would come to, in a line: `14 features · success 0.81 (0.60–0.92) · HIGH RISK · +310 −22`. */
export function comesTo(discovery: Discovery, closed: Selection): string {
  const { features, additions, deletions } = totalsOf(discovery, closed);
  if (features === 0) return 'nothing ships';
  const { risk } = closed;
  const likely = risk
    ? [
        `success ${chanceText(risk.probability)} (${risk.interval.map(chanceText).join('–')})`,
        `${risk.level.toUpperCase()} RISK`,
      ]
    : [];
  return [counted(features, 'feature'), ...likely, `+${additions} −${deletions}`].join(' · ');
}

/** The strategies of selection to pick from, each with what it would come to, and which of them is in force. */
export function selectionOptions(request: StrategiesRequest): { options: PickerOption[]; at: number } {
  const { discovery, close, choose } = request;
  const { strategy, wanted: chosen, ownChoice } = request.selection;
  const { byId } = lookupIn(discovery.features);
  const own = ownChoice?.filter((id) => byId.has(id)) ?? [];
  const ways: readonly { kind: Choice['strategy']; label: string; wanted: Wanted; whyNot?: string }[] = [
    ...(['recommended', 'critical', 'all'] as const).map((kind) => ({
      kind,
      label: strategyWords[kind],
      wanted: { kind },
    })),
    {
      kind: 'custom',
      label: 'custom, as it was',
      wanted: { kind: 'ids', ids: own },
      ...(own.length > 0 ? {} : { whyNot: 'nothing was chosen one by one yet: space does' }),
    },
    { kind: 'custom', label: 'custom, from nothing', wanted: { kind: 'ids', ids: [] } },
  ];
  const at =
    strategy === 'custom' && chosen.length === 0
      ? ways.length - 1
      : ways.findIndex(({ kind }) => kind === strategy);
  const options = ways.map(({ kind, label, wanted, whyNot }, i): PickerOption => ({
    label: i === at ? `${label} (now)` : label,
    hint: whyNot === undefined ? comesTo(discovery, close(wanted)) : '',
    ...(whyNot === undefined ? {} : { whyNot }),
    run: () => choose(kind, wanted),
  }));
  return { options, at };
}
