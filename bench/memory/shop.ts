import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Makes a repository in `shop` that has one commit and an `orchestra.yaml`, and deploys nothing. */
export function makeShop(shop: string): void {
  execFileSync('git', ['init', '-q', '-b', 'main', shop]);
  writeFileSync(
    path.join(shop, 'orchestra.yaml'),
    'version: 1\nproject: bench\nservices: {web: {start: node server.js}}\nenvironments: {production: {port: 65000}}\n',
  );
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  execFileSync('git', ['add', '-A'], { cwd: shop });
  execFileSync('git', [...identity, 'commit', '-qm', 'feat: the shop'], { cwd: shop });
}
