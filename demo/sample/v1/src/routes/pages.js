import { escape } from '../html.js';

const row = (product) => `<tr><td>${escape(product.name)}</td><td>${product.price.toFixed(2)} €</td></tr>`;

/** The page for people. */
export function routes({ store, version }) {
  return [
    {
      method: 'GET',
      path: '/',
      handle: () => {
        const rows = store.read().products.map(row).join('\n');
        const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Shop</title>
<link rel="stylesheet" href="/assets/style.css">
</head>
<body>
<h1>Shop</h1>

<table>
${rows}
</table>

<footer>Version ${escape(version)}</footer>
</body>
</html>
`;
        return { status: 200, html };
      },
    },
  ];
}
