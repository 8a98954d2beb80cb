import { lazy, Suspense } from 'react';
import { useUi } from '../store/hooks.ts';
import { workSeconds } from '../store/work.ts';
import { LineText } from './Lines.tsx';
import { statusLines } from './status-lines.ts';

/** Its many pictures are nothing that the first frame needs. */
const Spinner = lazy(() => import('ink-spinner'));

/** The rows above the keys: what was just said, what is being done and for how long, or the filter. */
export function StatusLine({ width }: { width: number }) {
  const state = useUi((s) => s);
  const [first, ...more] = statusLines(state, width);
  const waits = state.session.toast === undefined && state.session.filter?.typing !== true;
  const lead =
    waits && workSeconds(state) > 0 ? (
      <Suspense fallback="…">
        <Spinner type="dots" />
      </Suspense>
    ) : undefined;
  return (
    <>
      <LineText line={first} width={width} {...(lead ? { lead } : {})} />
      {more.map((line, i) => (
        // A row is where it is on the screen.
        // oxlint-disable-next-line react/no-array-index-key
        <LineText key={i} line={line} width={width} />
      ))}
    </>
  );
}
