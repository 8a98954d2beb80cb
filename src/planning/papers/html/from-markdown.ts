import { html, Html } from '../../../domain/html.ts';
import { inlineOf } from '../../../domain/inline-markdown.ts';
import { dataTable } from './page.ts';

/** One line's styles as HTML; every word of it is escaped. */
function inlineHtml(text: string): Html[] {
  return inlineOf(text).map(({ text: words, bold, emphasis, code }) => {
    const piece = code ? html`<code>${words}</code>` : html`${words}`;
    return bold ? html`<strong>${piece}</strong>` : emphasis ? html`<em>${piece}</em>` : piece;
  });
}

/** The cells of a table's row: parted at each `|` that no backslash stands before. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  for (let at = line.indexOf('|') + 1; at < line.length; at++) {
    const character = line.charAt(at);
    if (character === '\\') {
      cell += character + line.charAt(at + 1);
      at += 1;
    } else if (character === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  return cells;
}

const item = /^(?:[-*] |\d+\. )/;
const ticked = /^- \[([ x])\] /;

/** Headings keep their order below a page's own: `#` is an `h2`, and nothing is deeper than `h4`. */
function heading(line: string, down: number): Html {
  const marks = /^#+/.exec(line)?.[0].length ?? 1;
  const words = inlineHtml(line.slice(marks).trim());
  const level = Math.min(4, marks + down);
  return level <= 2
    ? html`<h2>${words}</h2>`
    : level === 3
      ? html`<h3>${words}</h3>`
      : html`<h4>${words}</h4>`;
}

function list(lines: readonly string[]): Html {
  if (lines.every((line) => ticked.test(line)))
    return html`<ul class="ticks">
      ${lines.map((line) => {
        const done = line.startsWith('- [x]');
        const box = done
          ? html`<span class="passed" role="img" aria-label="done">☑</span>`
          : html`<span role="img" aria-label="open">☐</span>`;
        return html`<li>${box} ${inlineHtml(line.replace(ticked, ''))}</li> `;
      })}
    </ul>`;
  const items = lines.map((line) => html`<li>${inlineHtml(line.replace(item, ''))}</li> `);
  return /^\d/.test(lines[0] ?? '')
    ? html`<ol>
        ${items}
      </ol>`
    : html`<ul>
        ${items}
      </ul>`;
}

/**
 * One of our own papers as HTML: the Markdown that `src/domain/markdown.ts` makes and no other. Every word is escaped; what it does
 * not know stays text. `down` moves its headings so many levels down. Pure; time grows with the text's length.
 */
export function htmlFromMarkdown(text: string, down = 1): Html {
  const lines = text.split('\n');
  const out: Html[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at] ?? '';
    const run = (is: (line: string) => boolean): string[] => {
      const from = at;
      while (at < lines.length && is(lines[at] ?? '')) at += 1;
      return lines.slice(from, at);
    };
    const fence = /^`{3,}/.exec(line)?.[0];
    if (fence !== undefined) {
      at += 1;
      const inside = run((one) => one !== fence);
      at += 1;
      out.push(html`<pre tabindex="0">${inside.join('\n')}</pre>`);
    } else if (line.startsWith('#')) {
      at += 1;
      out.push(heading(line, down));
    } else if (line.startsWith('|')) {
      const [head = '', , ...rows] = run((one) => one.startsWith('|'));
      const cells = (row: string) => cellsOf(row).map(inlineHtml);
      const bare = cellsOf(head).every((cell) => cell === '');
      out.push(
        bare
          ? html`<dl>
              ${rows.map((row) => {
                const [name = [], value = []] = cells(row);
                return html`<dt>${name}</dt>
                  <dd>${value}</dd> `;
              })}
            </dl>`
          : dataTable(undefined, cells(head), rows.map(cells)),
      );
    } else if (item.test(line)) out.push(list(run((one) => item.test(one))));
    else if (line.startsWith('> '))
      out.push(
        html`<blockquote>
          ${run((one) => one.startsWith('> ')).map((one) => html`<p>${inlineHtml(one.slice(2))}</p>`)}
        </blockquote>`,
      );
    else if (line.trim() === '') at += 1;
    else {
      at += 1;
      out.push(html`<p>${inlineHtml(line)}</p>`);
    }
  }
  return html`${out}`;
}
