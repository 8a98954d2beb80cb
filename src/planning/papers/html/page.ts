import { createHash } from 'node:crypto';
import { html, Html, type HtmlValue } from '../../../domain/html.ts';
import { styles } from './styles.ts';

export interface Page {
  title: string;
  /** What stands in `<main>`. */
  body: HtmlValue;
  footer: HtmlValue;
  /** Rules of this page beside those of every report. */
  css?: string;
  /** A script of ours that the page carries; the policy lets exactly this one run. */
  script?: string;
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * A whole page, one file: no request leaves it, and its policy lets no style and no script act but those that it was made with.
 * What is in it stays text, so a commit's title can neither draw nor run.
 */
export function htmlPage({ title, body, footer, css = '', script }: Page): string {
  const style = `${styles}${css === '' ? '' : `\n${css}`}`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = html`<meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="referrer" content="no-referrer" />
    <title>${title}</title>`;
  // By hand: what a hash covers must stay byte for byte as it is.
  const sheet = new Html(`<style>${style}</style>`);
  const code = script === undefined ? undefined : new Html(`<script>${script}</script>`);
  return html`<!doctype html>
    <html lang="en">
      <head>
        ${head} ${sheet}
      </head>
      <body>
        <main>${body}</main>
        <footer>${footer}</footer>
        ${code}
      </body>
    </html> `.text;
}

/** Rows of a name and what it is. */
export function factList(facts: readonly (readonly [string, HtmlValue])[]): Html {
  return html`<dl>
    ${facts.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd> `,
    )}
  </dl>`;
}

/** A table that scrolls by itself where the screen is narrow. `caption` says what it shows. */
export function dataTable(
  caption: HtmlValue,
  head: readonly HtmlValue[],
  rows: readonly (readonly HtmlValue[])[],
): Html {
  return html`<div class="table" tabindex="0" role="group">
    <table>
      ${
        caption === undefined || caption === ''
          ? undefined
          : html`<caption>
              ${caption}
            </caption>`
      }
      <thead>
        <tr>
          ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((cell) => html`<td>${cell}</td>`)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}
