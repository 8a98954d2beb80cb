import { fewestForCalibration, type Calibration } from './analysis.ts';
import { html, type Html } from './html.ts';

/** The plot's side in user units, and the room around it for its labels. */
const side = 300;
const room = { left: 48, top: 12, bottom: 40, right: 12 };

const x = (share: number) => (room.left + share * side).toFixed(1);
const y = (share: number) => (room.top + (1 - share) * side).toFixed(1);

/** Predictions against outcomes as a drawing with its words; nothing below the number from which they are compared. */
export function calibrationFigure({ n, bins }: Calibration): Html | undefined {
  if (n < fewestForCalibration) return undefined;
  const label = `Predicted against observed success of ${n} deployments; the numbers are in the table of predictions.`;
  return html`<figure>
    <svg
      role="img"
      aria-label="${label}"
      width="${room.left + side + room.right}"
      height="${room.top + side + room.bottom}"
      viewBox="0 0 ${room.left + side + room.right} ${room.top + side + room.bottom}"
      fill="none"
      stroke="currentColor"
    >
      <path d="M${x(0)} ${y(1)}V${y(0)}H${x(1)}" />
      <path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke-dasharray="4 4" opacity=".5" />
      ${bins.map(
        ({ predicted, count, n: of, interval }) =>
          html`<path d="M${x(predicted)} ${y(interval[0])}V${y(interval[1])}" opacity=".6" />
            <circle cx="${x(predicted)}" cy="${y(count / of)}" r="4" fill="currentColor">
              <title>${count} of ${of}</title>
            </circle>`,
      )}
      <g fill="currentColor" stroke="none" font-size="12">
        ${[0, 0.5, 1].map(
          (share) =>
            html`<text x="${room.left - 6}" y="${y(share)}" text-anchor="end">${share * 100} %</text>
              <text x="${x(share)}" y="${room.top + side + 16}" text-anchor="middle">${share * 100} %</text>`,
        )}
        <text x="${x(0.5)}" y="${room.top + side + 34}" text-anchor="middle">
          predicted; upwards what succeeded, with its 90 % interval
        </text>
      </g>
    </svg>
  </figure>`;
}
