import { matching } from '../../store/picker.ts';
import { countOf } from '../../store/rows.ts';
import type { UiState } from '../../store/state.ts';
import { eventText } from '../deployment-text.ts';
import { footerOf } from '../Footer.tsx';
import type { Line } from '../theme.ts';
import { titleOf } from '../TitleLine.tsx';
import { isPointedAt, saidRow, shapeOf } from './words.ts';

/** Wide enough that nothing is left out for want of room. */
const wide = 400;

/** More rows than this that change at once are a new picture, and are summed up. */
const mostChanges = 12;

const textOf = (line: Line) => line.map(({ text }) => text).join('');

/** What is in front of the person; when it changes, all of it is said. */
function placeOf({ session }: UiState): string {
  const { view, detail, help, dialog, picker } = session;
  if (picker) return `picker ${picker.title}`;
  if (dialog) return `dialog ${dialog.title}`;
  if (help) return 'help';
  return detail ? `detail ${detail.kind} ${'id' in detail ? detail.id : ''}` : view;
}

/** `3 of 35` of the list in front; undefined where none is. */
function positionOf(state: UiState): string | undefined {
  const { session } = state;
  if (session.picker) {
    const n = matching(session.picker, state.rank).length;
    return n === 0 ? undefined : `${Math.min(session.picker.at, n - 1) + 1} of ${n}`;
  }
  if (session.dialog || session.help || session.detail) return undefined;
  const n = countOf(state, session.view);
  return n < 2 ? undefined : `${Math.min(session.cursors[session.view], n - 1) + 1} of ${n}`;
}

/** Says what changes on the screen, in lines of text; it keeps what it said last, and nothing else. */
export class Narrator {
  private place = '';
  private title = '';
  private rows: readonly string[] = [];
  private pointed = '';
  private position: string | undefined;
  private scroll = 0;
  private shapes = new Set<string>();
  private toast: unknown;
  private busy: string | undefined;
  private typed: string | undefined;
  private choice: string | undefined;
  private seq = 0;

  /** What is new since the last call: `drawn` are the rows of the open view as they would be drawn for `state`. */
  news(state: UiState, drawn: readonly string[]): string[] {
    const place = placeOf(state);
    const moved = place !== this.place;
    const said = moved ? this.wholePlace(state, drawn) : this.changes(state, drawn);
    this.place = place;
    return [...this.titleNews(state), ...said, ...this.remarks(state)].filter((line) => line !== '');
  }

  /** Has the next news say everything. */
  forget(): void {
    this.place = '';
    this.title = '';
  }

  private titleNews(state: UiState): string[] {
    const title = saidRow(textOf(titleOf(state, wide)));
    const fresh = shapeOf(title) !== shapeOf(this.title);
    this.title = title;
    return fresh ? [title] : [];
  }

  private keep(state: UiState, drawn: readonly string[]): void {
    this.rows = drawn;
    this.pointed = saidRow(drawn.find(isPointedAt) ?? '');
    this.position = positionOf(state);
    this.scroll = state.session.scroll;
    this.choice = state.session.dialog?.chosen;
    this.typed = this.typedIn(state);
  }

  private typedIn({ session }: UiState): string | undefined {
    return (
      session.picker?.text ??
      session.dialog?.typed ??
      (session.filter?.typing ? session.filter.text : undefined)
    );
  }

  private wholePlace(state: UiState, drawn: readonly string[]): string[] {
    this.keep(state, drawn);
    this.shapes = new Set(drawn.map((row) => shapeOf(saidRow(row))));
    const rows = drawn.map((row) =>
      isPointedAt(row) && this.position !== undefined
        ? `${this.position}, selected: ${saidRow(row)}`
        : saidRow(row),
    );
    return ['', ...rows, `Keys: ${saidRow(textOf(footerOf(state, wide)))}`];
  }

  private changes(state: UiState, drawn: readonly string[]): string[] {
    // The list that was waited for is there.
    if (this.position === undefined && positionOf(state) !== undefined) return this.wholePlace(state, drawn);
    const before = { rows: new Set(this.rows), pointed: this.pointed, position: this.position };
    const scrolled = state.session.scroll !== this.scroll;
    const { choice, typed } = this;
    this.keep(state, drawn);
    if (state.session.dialog) {
      if (this.typed !== typed) return [`typed: ${this.typed ?? ''}`];
      return this.choice === choice
        ? []
        : [`${this.choice === 'yes' ? state.session.dialog.yes : 'No'}, selected`];
    }
    const said: string[] = [];
    if (this.typed !== typed && this.typed !== undefined) said.push(`typed: ${this.typed}`);
    if (this.pointed !== '' && (this.pointed !== before.pointed || this.position !== before.position))
      said.push(`${this.position === undefined ? '' : `${this.position}, `}selected: ${this.pointed}`);
    const list = said.length > 0 && before.position !== this.position;
    if (list) return said;
    const fresh = drawn
      .filter((row) => !before.rows.has(row) && !isPointedAt(row))
      .map(saidRow)
      .filter((row) => scrolled || !this.shapes.has(shapeOf(row)));
    for (const row of fresh) this.shapes.add(shapeOf(row));
    said.push(...fresh.slice(0, scrolled ? fresh.length : mostChanges));
    return said;
  }

  /** What was told, what is being done, and what happened to the deployment. */
  private remarks({ session, busy, events, deployment }: UiState): string[] {
    const said: string[] = [];
    const last = events.at(-1)?.seq ?? 0;
    if (last < this.seq) this.seq = 0;
    const phases = deployment?.plan.phases;
    for (let i = 0; i < events.length; i += 1) {
      const event = events.at(i);
      if (event && event.seq > this.seq && event.type !== 'measured' && event.type !== 'effect.started')
        said.push(saidRow(eventText(event, phases).text));
    }
    this.seq = last;
    if (busy !== this.busy && busy !== undefined) said.push(`${busy} ...`);
    this.busy = busy;
    if (session.toast !== this.toast && session.toast)
      said.push(saidRow(session.toast.text), saidRow(session.toast.problem?.hint ?? ''));
    this.toast = session.toast;
    return said;
  }
}
