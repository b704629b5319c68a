#!/usr/bin/env node
// Starts the command line from its TypeScript sources; tsx compiles them on the fly.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Ilium needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
const { register } = await import('tsx/esm/api');
register({ tsconfig: false }); // else tsx would follow a tsconfig.json in the folder the command is run from
await import('./cli.ts');
