import { html, type Html } from '../../../domain/html.ts';
import { ticksOf, timeTicks } from './ticks.ts';

/** A line of a plot. Where `y` is undefined nothing was measured, and the line is broken. */
export interface Series {
  name: string;
  /** How it is drawn: the new version whole, the old one dashed. */
  side: 'fresh' | 'old';
  /** x in milliseconds after the plot's beginning, ascending. */
  points: readonly (readonly [x: number, y: number | undefined])[];
  /** It stays at a value until the next, as a share of traffic does. */
  stepped?: true;
}

export interface LinePlot {
  title: string;
  /** What a person who does not see it should know of it, in a sentence. */
  description: string;
  series: readonly Series[];
  /** Where the x axis ends, milliseconds. */
  lastX: number;
  /** What the y axis shows at least; it grows with the values. */
  atLeastY: number;
  yWords: (y: number) => string;
  /** Lines across: what must not be passed. */
  limits?: readonly { y: number; text: string }[];
  /** Lines down: where a phase began (its number is written there), or the traffic went back. */
  marks?: readonly { x: number; text: string; kind: 'phase' | 'back' }[];
}

const [width, height] = [360, 210];
const edge = { left: 52, right: 10, top: 18, bottom: 24 };

const fixed = (n: number): string => String(Math.round(n * 10) / 10);

/** A plot as inline SVG, drawn by nothing but its numbers; styled by the page's classes. Pure. */
export function linePlot(plot: LinePlot): Html {
  const limits = plot.limits ?? [];
  const values = plot.series.flatMap(({ points }) => points.flatMap(([, y]) => (y === undefined ? [] : [y])));
  // A limit far above everything would press the lines to the ground.
  const most = values.reduce((max, y) => Math.max(max, y), plot.atLeastY);
  const near = limits.filter(({ y }) => Number.isFinite(y) && y <= most * 4);
  const yTicks = ticksOf(near.reduce((max, { y }) => Math.max(max, y), most));
  const topY = yTicks.at(-1) ?? 1;
  const lastX = Math.max(1, plot.lastX);
  const x = (ms: number) =>
    edge.left + (Math.min(Math.max(ms, 0), lastX) / lastX) * (width - edge.left - edge.right);
  const y = (value: number) =>
    height - edge.bottom - (Math.max(value, 0) / topY) * (height - edge.top - edge.bottom);
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${plot.title}: ${plot.description}"
  >
    ${yTicks.map(
      (tick) =>
        html`<line
            class="grid"
            x1="${edge.left}"
            x2="${width - edge.right}"
            y1="${fixed(y(tick))}"
            y2="${fixed(y(tick))}"
          /><text x="${edge.left - 4}" y="${fixed(y(tick) + 4)}" text-anchor="end"
            >${plot.yWords(tick)}</text
          >`,
    )}
    ${timeTicks(lastX).map(
      ({ ms, text }) =>
        html`<text
          x="${fixed(x(ms))}"
          y="${height - 6}"
          text-anchor="${x(ms) > width - 40 ? 'end' : 'middle'}"
          >${text}</text
        >`,
    )}
    ${(plot.marks ?? []).map(
      (mark) =>
        html`<line
            class="${mark.kind}"
            x1="${fixed(x(mark.x))}"
            x2="${fixed(x(mark.x))}"
            y1="${edge.top - 4}"
            y2="${height - edge.bottom}"
          /><text
            x="${fixed(x(mark.x))}"
            y="${edge.top - 6}"
            text-anchor="${x(mark.x) > width - 60 ? 'end' : 'middle'}"
            >${mark.text}</text
          >`,
    )}
    ${near.map(
      (limit) =>
        html`<line
            class="limit"
            x1="${edge.left}"
            x2="${width - edge.right}"
            y1="${fixed(y(limit.y))}"
            y2="${fixed(y(limit.y))}"
          /><text class="limit" x="${edge.left + 4}" y="${fixed(y(limit.y) - 3)}" text-anchor="start"
            >${limit.text}</text
          >`,
    )}
    ${plot.series.map((series) => html`<path class="${series.side}" d="${pathOf(series, x, y)}" />`)}
  </svg>`;
}

function pathOf(
  { points, stepped }: Series,
  x: (ms: number) => number,
  y: (value: number) => number,
): string {
  const parts: string[] = [];
  let before: number | undefined;
  for (const [at, value] of points) {
    if (value !== undefined) {
      const here = `${fixed(x(at))} ${fixed(y(value))}`;
      if (before === undefined) parts.push(`M${here}`);
      else parts.push(...(stepped ? [`L${fixed(x(at))} ${fixed(y(before))}`] : []), `L${here}`);
    }
    before = value;
  }
  return parts.join('');
}

/** A plot with its title, the key to its lines, and the same as a table for who reads rather than sees. */
export function plotFigure(plot: LinePlot, table: Html): Html {
  const marks = { fresh: '━', old: '╍' } as const;
  return html`<figure>
    <figcaption>${plot.title}</figcaption>
    ${
      plot.series.length > 1
        ? html`<p class="key">
            ${plot.series.map(({ name, side }) => html`<span>${marks[side]} ${name} </span> `)}
          </p>`
        : undefined
    }
    ${linePlot(plot)}
    <p class="key">${plot.description}</p>
    <details>
      <summary>As a table</summary>
      ${table}
    </details>
  </figure>`;
}
