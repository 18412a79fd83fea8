#!/usr/bin/env node
// kubectl calls this with the words after `kubectl plimsoll`, to complete the last one.
process.argv.splice(2, 0, 'complete', '--');
await import('./plimsoll.js');
