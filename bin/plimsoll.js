#!/usr/bin/env node
// Picks dist/ (an installed package) or src/ (a clone): Node strips no types under node_modules.
import { existsSync } from 'node:fs';

const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  process.stderr.write(
    `plimsoll: needs Node 24 or newer; this is Node ${process.versions.node}. ` +
      'In a clone run "npm ci" and then "npx plimsoll", which brings its own Node.\n',
  );
  process.exitCode = 2;
} else {
  const built = new URL('../dist/main.js', import.meta.url);
  const source = new URL('../src/main.ts', import.meta.url);
  await import(existsSync(source) ? source.href : built.href);
}
