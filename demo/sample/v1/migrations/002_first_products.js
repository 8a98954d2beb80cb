const products = [
  ['mug', 'Enamel mug', 12.9, 140, 31],
  ['teapot', 'Cast iron teapot', 54.5, 22, 9],
  ['kettle', 'Stove kettle', 39.95, 35, 12],
  ['lamp', 'Reading lamp', 64.0, 18, 7],
  ['notebook', 'Dotted notebook', 8.1, 400, 88],
  ['pencil', 'Cedar pencil', 1.2, 1500, 240],
  ['scarf', 'Wool scarf', 29.9, 60, 15],
  ['blanket', 'Linen blanket', 89.0, 12, 4],
  ['basket', 'Willow basket', 24.5, 44, 10],
  ['candle', 'Beeswax candle', 6.3, 310, 102],
  ['soap', 'Olive soap', 4.7, 520, 133],
  ['towel', 'Hemp towel', 17.6, 75, 21],
];

/** What the shop sells on its first day; `sold` is what the old shop had sold. */
export function up(data) {
  for (const [id, name, price, stock, sold] of products) {
    data.products.push({ id, name, price, stock, sold });
  }
}
