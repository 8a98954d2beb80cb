import path from 'node:path';

/** Where a demo keeps its things, below one folder. */
export interface Places {
  folder: string;
  /** The shop's repository. */
  shop: string;
  /** The product's state directory for this demo alone. */
  state: string;
  memory: string;
}

/** Where everything of the demo in `folder` stands; makes nothing. */
export function placesIn(folder: string): Places {
  const shop = path.join(folder, 'shop');
  return { folder, shop, state: path.join(folder, 'state'), memory: path.join(shop, 'deployment_memory') };
}

/** The built programs and the sample's sources, below the root of this repository. */
export function programsIn(root: string): { product: string; load: string; sample: string } {
  return {
    product: path.join(root, 'dist', 'bin.js'),
    load: path.join(root, '.build', 'load.js'),
    sample: path.join(root, 'demo', 'sample'),
  };
}
