import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bundlePackage } from './bundle-package.ts';

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined || rest.length > 0) {
  console.error('Usage: node tools/workspace/src/bundle.ts <package folder, such as apps/gateway>');
  process.exit(2);
}
if (!existsSync(join(folder, 'src/main.ts'))) {
  console.error(`There is no ${join(folder, 'src/main.ts')} to bundle.`);
  process.exit(2);
}
await bundlePackage(folder, join(folder, 'dist'));
