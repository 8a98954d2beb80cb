import { HttpError } from './http.js';

/** The products that a client sees in a list. */
export function listProducts(products, query) {
  const limit = Number(query.get('limit') ?? 50);

  return products.slice(0, limit);
}

/** One product by its id. */
export function findProduct(products, id) {
  const product = products.find((candidate) => candidate.id === id);
  if (!product) throw new HttpError(404, `there is no product ${id}`);
  return product;
}
