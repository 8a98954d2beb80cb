import { useUi } from '../store/hooks.ts';
import type { UiState } from '../store/state.ts';
import { LineText } from './Lines.tsx';
import { type Line, span } from './theme.ts';

const marks = { info: '›', warn: '!', error: '✖' } as const;
const tones = { info: 'accent', warn: 'warn', error: 'bad' } as const;

function statusOf({ session, busy }: UiState): Line {
  const { filter, toast, view } = session;
  if (filter?.typing) return [span(' / ', 'accent', true), span(filter.text), span('▏', 'accent')];
  if (toast)
    return [
      span(` ${marks[toast.tone]} `, tones[toast.tone], true),
      span(toast.text, toast.tone === 'info' ? 'plain' : tones[toast.tone]),
    ];
  if (busy) return [span(` … ${busy}`, 'quiet')];
  if (filter?.view === view)
    return [span(` filter: ${filter.text}`, 'accent'), span('   esc shows all', 'quiet')];
  return [];
}

/** The line above the keys: what was just said, what is being done, or the filter. */
export function StatusLine({ width }: { width: number }) {
  const state = useUi((s) => s);
  return <LineText line={statusOf(state)} width={width} />;
}
