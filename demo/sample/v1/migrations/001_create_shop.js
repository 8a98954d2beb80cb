/** The collections every version needs. */
export function up(data) {
  data.products = [];
  data.carts = {};
  data.orders = [];
  data.nextOrder = 1001;
}
