/**
 * The only script of the report, constant and let run by its hash alone: it filters the tests that the page has. Without it
 * the page says the same; a browser's own search finds what is folded.
 */
export const searchScript = `
(() => {
  const at = (id) => document.getElementById(id);
  const [box, text, kind, found, all] = ['find', 'q', 'k', 'found', 'all'].map(at);
  if (!box) return;
  box.hidden = false;
  let groups;
  const low = (node) => (node ? node.textContent.toLowerCase() : '');
  const read = () => groups ??= [...all.children].map((group) => ({
    group,
    title: low(group.querySelector('b')),
    open: group.open,
    rows: [...group.querySelectorAll('li')].map((row) => ({ row, text: low(row), kind: row.className || 'p' })),
  }));
  const most = 300;
  const look = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const asked = words.length > 0 || kind.value !== '';
    let n = 0;
    for (const { group, title, open, rows } of read()) {
      let here = 0;
      for (const one of rows) {
        const fits = (kind.value === '' || one.kind === kind.value) &&
          words.every((word) => one.text.includes(word) || title.includes(word));
        if (fits) here += 1;
        if (one.row.hidden === fits) one.row.hidden = !fits;
      }
      if (group.hidden === here > 0) group.hidden = here === 0;
      const opens = asked ? here > 0 && most > n : open;
      if (group.open !== opens) group.open = opens;
      n += here;
    }
    found.textContent = asked ? n + (n === 1 ? ' test found' : ' tests found') : n + ' tests';
  };
  let due = 0;
  const soon = () => { cancelAnimationFrame(due); due = requestAnimationFrame(look); };
  text.addEventListener('input', soon);
  kind.addEventListener('input', soon);
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && document.activeElement !== text && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      text.focus();
    }
    if (event.key === 'Escape' && document.activeElement === text) { text.value = ''; soon(); }
  });
})();
`.trim();

/** Rules of the list and its search, beside the style sheet of every report. */
export const searchStyles = `
#find{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;position:sticky;top:0;background:var(--ground);padding:.5rem 0;border-bottom:1px solid var(--line);z-index:1}
#find label{display:flex;gap:.5rem;align-items:center}
#find input,#find select{font:inherit;color:var(--ink);background:var(--panel);border:1px solid var(--soft);border-radius:6px;padding:.25rem .5rem;max-width:100%}
[hidden],#find[hidden]{display:none}
#all details{content-visibility:auto;contain-intrinsic-size:auto 1.9rem;margin:0;padding:.15rem 0;border-bottom:1px solid var(--line)}
#all summary b{color:var(--ink);font-weight:600}
#all ul{list-style:none;margin:.25rem 0;padding-left:1rem}
#all li i,.suite i{color:var(--soft);font-style:normal}
#all .f{color:var(--bad)}#all .s{color:var(--wait)}
.fault{border-left:4px solid var(--bad);content-visibility:auto;contain-intrinsic-size:auto 14rem}
pre{max-height:24rem;overflow:auto;white-space:pre-wrap}
:focus-visible{outline:3px solid var(--fresh);outline-offset:2px}
@media print{#find{display:none}pre{max-height:none}}
`.trim();
