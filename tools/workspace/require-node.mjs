const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Quittance needs Node 22.18 or newer, and this is Node ${process.versions.node}. ` +
      'Run it through npm (npm start, npm test), which on Linux uses the Node that `npm ci` installed.',
  );
  process.exit(1);
}
