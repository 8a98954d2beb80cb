import { Box } from 'ink';
import { safeText } from '../src/domain/safe-text.ts';
import type { Dialog } from '../store/state.ts';
import { fit, wrap } from './fit.ts';
import { LineText } from './Lines.tsx';
import type { PaneProps } from './panes/pane.ts';
import { blank, bordered, type Line, span, usePalette } from './theme.ts';

/** The dialog's text: what is asked, about what, and what a yes does. */
export function dialogLines(dialog: Dialog, width: number, height: number): Line[] {
  const rows = dialog.rows.flatMap(({ label, value }) =>
    wrap(safeText(value), width - 14).map((text, i) => [
      span(fit(i === 0 ? label : '', 14), 'quiet'),
      span(text, 'plain', true),
    ]),
  );
  const effect = dialog.effect.flatMap((sentence) =>
    wrap(safeText(sentence), width).map((text) => [span(text)]),
  );
  // The answer stays in sight, however much is told.
  const told = rows.slice(0, Math.max(1, height - 6));
  const diff = diffLines(dialog, width, height - told.length - effect.length - 6);
  const room = Math.max(1, height - told.length - diff.length - 5);
  return [[span(dialog.title, 'warn', true)], blank, ...told, blank, ...effect.slice(0, room), ...diff];
}

const marks = {
  same: ['  ', 'quiet'],
  gone: ['- ', 'bad'],
  new: ['+ ', 'ok'],
  gap: ['…', 'quiet'],
} as const;

/** Lines that change and are shown, however little room there is. */
const mostChanged = 6;

/** The lines of a file as they change; what changes stays where there is no room for what stands around it. */
function diffLines({ diff = [] }: Dialog, width: number, room: number): Line[] {
  if (diff.length === 0) return [];
  const shown = diff.length <= room ? diff : diff.filter(({ kind }) => kind === 'gone' || kind === 'new');
  const most = Math.max(mostChanged, room);
  const left = shown.length - most;
  return [
    blank,
    ...shown.slice(0, most).map(({ kind, text }): Line => {
      const [mark, tone] = marks[kind];
      return [span(mark, tone, true), span(fit(safeText(text, 400), width - 2), tone)];
    }),
    ...(left > 0 ? [[span(`… ${left} more`, 'quiet')]] : []),
  ];
}

/** The reason as it is typed, its end in sight however long it is. */
function reasonLines(dialog: Dialog, width: number): Line[] {
  const typed = wrap(`${safeText(dialog.typed ?? '')}_`, width).slice(-3);
  return [
    [span(`${dialog.yes}: type the reason and press enter; esc leaves it`, 'quiet')],
    ...typed.map((text): Line => [span(text, 'accent', true)]),
  ];
}

/** A question in the middle of the main part; it stands on “no” until somebody moves it. */
export function ConfirmDialog({ dialog, width, height }: PaneProps & { dialog: Dialog }) {
  const palette = usePalette();
  const inner = Math.min(76, width - 4);
  const button = (label: string, chosen: boolean): Line => [
    span(chosen ? '▸ ' : '  ', 'accent', true),
    span(chosen ? `[ ${label} ]` : `  ${label}  `, chosen ? 'accent' : 'quiet', chosen),
  ];
  const lines: Line[] = [
    ...dialogLines(dialog, inner, height - 2),
    blank,
    ...(dialog.reason ? reasonLines(dialog, inner) : []),
    ...(dialog.reason
      ? []
      : [
          dialog.word === undefined
            ? [
                ...button('No', dialog.chosen === 'no'),
                span('    '),
                ...button(dialog.yes, dialog.chosen === 'yes'),
              ]
            : [
                span(`${dialog.yes}: type `, 'quiet'),
                span(dialog.word, 'warn', true),
                span(' and press enter ▸ ', 'quiet'),
                span(`${safeText(dialog.typed ?? '')}_`, 'accent', true),
              ],
        ]),
  ];
  return (
    <Box width={width} height={height} justifyContent="center" alignItems="center">
      <Box
        flexDirection="column"
        borderStyle="round"
        {...bordered(palette.warn)}
        paddingX={1}
        width={inner + 4}
      >
        {lines.map((line, i) => (
          // A row is where it is in the dialog.
          // oxlint-disable-next-line react/no-array-index-key
          <LineText key={i} line={line} width={inner} />
        ))}
      </Box>
    </Box>
  );
}
