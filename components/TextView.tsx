import { useEffect, useMemo } from 'react';
import { safeText } from '../src/domain/safe-text.ts';
import { setSession } from '../store/create-store.ts';
import { useUi, useUiStore } from '../store/hooks.ts';
import { currentItem, type OutputDetail, type PaperDetail } from '../store/reading.ts';
import { firstLine, hitAt, hitsIn, marked, revealed, type Drawn } from './details/drawn.ts';
import { openTextLines } from './details/text.ts';
import { Lines } from './Lines.tsx';
import { detailHeading, type DetailPlace } from './details/detail-heading.ts';
import type { PaneProps } from './panes/pane.ts';
import { type Line, span } from './theme.ts';

/** Lines of the head: the title, and where one is. */
const headLines = 2;

function searchWords(detail: PaperDetail | OutputDetail, hits: readonly number[]): Line {
  const { search, reveal } = detail;
  if (!search) return [];
  const typed = [
    span('/', 'accent', true),
    span(safeText(search.text)),
    span(search.typing ? '▏' : '', 'accent'),
  ];
  const n =
    reveal?.kind === 'hit' && hits.length > 0
      ? (((reveal.hit % hits.length) + hits.length) % hits.length) + 1
      : 0;
  const found =
    hits.length === 0
      ? search.text.trim() === ''
        ? ''
        : 'not found'
      : `${n > 0 ? `${n} of ` : ''}${hits.length} found`;
  const steps = hits.length > 1 && !search.typing ? ': . next, , before' : '';
  return [...typed, span(`  ${found}${steps}   `, hits.length === 0 ? 'warn' : 'quiet')];
}

interface TextViewProps extends PaneProps {
  detail: PaperDetail | OutputDetail;
  place: DetailPlace;
}

/** A paper or an output read in place: its head stays, its lines scroll. */
export function TextView({ detail, width, height, place }: TextViewProps) {
  const store = useUiStore();
  const deployment = useUi((s) => s.deployment);
  const output = useUi((s) => s.output);
  const scroll = useUi((s) => s.session.scroll);
  const { lines, reveal, search } = detail;
  const body = Math.max(1, height - headLines);
  // Drawn anew where what it shows changed; scrolling only shows another part.
  const { title, told, drawn } = useMemo(
    () => openTextLines(detail, store.getState(), width),
    // oxlint-disable-next-line react/exhaustive-deps
    [lines, detail.kind, reveal?.kind === 'end', deployment, output, width],
  );
  const hits = useMemo(() => hitsIn(drawn, search?.text ?? ''), [drawn, search?.text]);
  const item = currentItem(detail, deployment);
  const from = firstLine(drawn.length, body, { scroll, shown: revealed(drawn, reveal, hits) });
  const limit = Math.max(0, drawn.length - body);
  useEffect(() => {
    const { session } = store.getState();
    if (session.scrollLimit !== limit || session.scroll !== from)
      setSession(store, { scroll: from, scrollLimit: limit });
  }, [store, from, limit]);
  const current =
    reveal?.kind === 'hit'
      ? hitAt(hits, reveal.hit)
      : reveal?.kind === 'line'
        ? revealed(drawn, reveal, hits)
        : item === undefined
          ? undefined
          : drawn.findIndex((d) => d.item === item);
  const shown = drawn.slice(from, from + body);
  const part =
    limit > 0
      ? `${from + 1}–${Math.min(drawn.length, from + body)} of ${drawn.length}`
      : `${drawn.length} lines`;
  const where: Line = [...searchWords(detail, hits), span([told, part].filter(Boolean).join(' · '), 'quiet')];
  const empty: Drawn[] = [{ source: 0, line: [span('Nothing was written yet.', 'quiet')] }];
  return (
    <Lines
      lines={[
        detailHeading(title, '', place, width),
        where,
        ...(shown.length > 0 ? shown : empty).map(({ line }) => marked(line, search?.text ?? '')),
      ]}
      width={width}
      height={height}
      selected={current === undefined || current < from ? -1 : headLines + current - from}
    />
  );
}
