/**
 * The one style sheet of every report: light and dark by the reader's own choice, readable at 320 px and on paper, no colour that
 * is the only sign of anything. Class names: `passed`, `failed`, `waiting` for verdicts; `fresh` and `old` for the two sides of a plot.
 */
export const styles = `
:root{color-scheme:light dark;--ground:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--good:#116329;--bad:#a40e26;--wait:#7d4e00;--fresh:#0550ae;--old:#8a4600}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#30363d;--panel:#161b22;--good:#56d364;--bad:#ff7b72;--wait:#e3b341;--fresh:#79c0ff;--old:#ffa657}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}
h2{font-size:1.2rem;margin:2.25rem 0 .5rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1rem;margin:1.25rem 0 .25rem}
p,ul,ol{margin:.5rem 0}
ul,ol{padding-left:1.4rem}
ul.ticks{list-style:none;padding-left:0}
dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0}
code{font:.9em ui-monospace,monospace;background:var(--panel);border-radius:4px;padding:.1em .3em}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.75rem;overflow-x:auto;font:13px/1.45 ui-monospace,monospace}
blockquote{margin:.75rem 0;padding:.25rem 1rem;border-left:4px solid var(--bad)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0}
a{color:inherit}
.verdict{font-size:1.2rem;font-weight:600}.passed{color:var(--good)}.failed,.timed_out{color:var(--bad)}.waiting,.not_run{color:var(--wait)}
.table{overflow-x:auto;margin:.75rem 0}
table{border-collapse:collapse;width:100%;font-size:.9rem}
caption{text-align:left;color:var(--soft);padding-bottom:.25rem}
th,td{border-bottom:1px solid var(--line);padding:.35rem .75rem .35rem 0;text-align:left;vertical-align:top;overflow-wrap:break-word}
td{min-width:4.5rem}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,21rem),1fr));gap:1rem}
figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:.75rem;min-width:0;break-inside:avoid}
figcaption{font-weight:600}
.key{font-size:.85rem;color:var(--soft);margin:.25rem 0}
svg{display:block;width:100%;height:auto}
svg text{fill:var(--soft);font:11px system-ui,sans-serif}
svg .grid{stroke:var(--line);stroke-width:1}
svg .fresh{stroke:var(--fresh);stroke-width:2;fill:none}
svg .old{stroke:var(--old);stroke-width:2;fill:none;stroke-dasharray:5 3}
svg .limit{stroke:var(--bad);stroke-width:1;stroke-dasharray:2 3}
svg text.limit{stroke:none;fill:var(--bad)}
svg .phase{stroke:var(--soft);stroke-width:1;stroke-dasharray:1 3}
svg .back{stroke:var(--bad);stroke-width:2}
details{margin:.5rem 0}summary{cursor:pointer;color:var(--soft)}
section.suite{border:1px solid var(--line);border-radius:6px;margin:.75rem 0;padding:.75rem 1rem}
section.suite h3{margin:0}section.suite p{margin:.25rem 0;color:var(--soft)}
footer{margin-top:2rem;color:var(--soft);font-size:.875rem}
@media (max-width:30rem){body{padding:.75rem}dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
@media print{body{max-width:none;font-size:11pt}pre{white-space:pre-wrap}.table{overflow:visible}nav{display:none}h2{break-after:avoid}tr{break-inside:avoid}}
`.trim();
