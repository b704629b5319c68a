#!/usr/bin/env node
// `npm start` and `npm run dev`: compiles the TypeScript sources on the fly, as ilium.mjs does, and opens the app.
import { fileURLToPath } from 'node:url';
import { register } from 'tsx/esm/api';

process.env.TSX_TSCONFIG_PATH = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
register();
const { start } = await import('./electron/start.ts');
process.exitCode = await start(process.argv.slice(2));
