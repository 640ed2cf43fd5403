#!/usr/bin/env node
// Plain JavaScript, so that a Node that cannot run the TypeScript beside it can still say so.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Quittance needs Node 22.18 or newer, and this is Node ${process.versions.node}. ` +
      'Run it as npx quittance, which on Linux uses the Node that `npm ci` installed.',
  );
  process.exit(1);
}
await import('./main.ts');
