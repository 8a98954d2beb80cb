import { commandOf } from '../store/commands/registry.ts';
import { tourScreens } from '../store/tour.ts';
import { wrap } from './fit.ts';
import { Lines } from './Lines.tsx';
import { heading, type PaneProps } from './panes/pane.ts';
import { blank, type Line, span } from './theme.ts';

/** A command's key, between the marks that make it stand out. */
const key = (id: string) => `\`${commandOf(id).shown.split(' ')[0] ?? ''}\``;

/** Each screen's title and paragraphs; a key stands between backticks, an empty paragraph is a gap. */
function screens(): readonly (readonly [title: string, ...paragraphs: string[]])[] {
  return [
    [
      'Welcome to orchestra',
      'It looks at what waits on your development branch, says which of it to ship and why, and brings exactly that to your users, a little at a time. What hurts them is taken back by itself.',
      '',
      `${key('view-discovery')} Discovery   what waits, as features`,
      `${key('view-selection')} Selection   which of them ship, and the proof that they can`,
      `${key('view-staging')} Staging     a candidate of exactly those, and its papers`,
      `${key('view-testing')} Testing     its suites; what fails reaches nobody`,
      `${key('view-production')} Production  a few users first, then all`,
      `${key('view-learning')} Learning    what this one changed for the next`,
      '',
      `A number opens its stage, ${key('next')} goes on to the next one. The last row shows the keys that work where you are.`,
    ],
    [
      'Choosing, and the proof',
      `In Selection ${key('toggle')} takes a feature or leaves it out. \`[x]\` is chosen; \`[+]\` comes along, because something chosen cannot ship without it. The line that says so is named.`,
      '',
      `Each has its chance of success, with how sure that is. ${key('open')} opens the reasons, its files and its commits.`,
      '',
      'Behind every key the choice is put on what runs now, commit by commit. `✔` proved: it can be built. `✖` says which file is in the way.',
      '',
      `Nothing of yours is touched by that. ${key('next')} then builds the candidate and ${key('next')} again runs its tests.`,
    ],
    [
      'Rolling out, back, and the record',
      'A rollout begins with a question that stands on “No”. Then a few users get the candidate beside the version that runs, and both are measured.',
      '',
      `${key('roll-back')} takes it back, while it runs and afterwards. It asks first, and says from which version to which.`,
      '',
      'Leaving this program stops nothing. Open it again, here or in another terminal, and it shows where the rollout is.',
      '',
      `${key('view-history')} History is the record: what shipped, who asked, how it ended and why.`,
      '',
      `${key('help')} lists the keys. ${key('palette')} finds every command by its name, this tour too.`,
    ],
  ];
}

/** A paragraph as lines, what stands between backticks in bold. */
function paragraphLines(text: string, width: number): Line[] {
  return wrap(text, width).map((line) =>
    line.split('`').map((part, i) => (i % 2 === 1 ? span(part, 'accent', true) : span(part))),
  );
}

/** A screen of the tour, from 0, as lines. */
export function tourLines(screen: number, width: number): Line[] {
  const [title, ...paragraphs] = screens()[screen] ?? [''];
  return [
    heading(title, [span(`${screen + 1} of ${tourScreens}`, 'quiet')], width),
    blank,
    ...paragraphs.flatMap((text) => (text === '' ? [blank] : paragraphLines(text, width))),
  ];
}

/** Widest that a paragraph is easy to read, cells. */
const readable = 90;

/** What the program is and how it is used, in three screens, for who opens it the first time. */
export function Tour({ screen, width, height }: PaneProps & { screen: number }) {
  const inner = Math.min(width, readable);
  return <Lines lines={tourLines(screen, inner)} width={inner} height={height} />;
}
