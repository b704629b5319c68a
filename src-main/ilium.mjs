#!/usr/bin/env node
// Starts the command line from its TypeScript sources; tsx compiles them on the fly.
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Ilium needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
// Else tsx would follow a tsconfig.json in the folder the command is run from; child processes inherit the variable.
process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
const { register } = await import('tsx/esm/api');
register();
await import('./cli.ts');
