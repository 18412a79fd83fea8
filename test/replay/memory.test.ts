import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { recordingPath } from '../conformance/recordings.ts';
import { Plimsoll } from '../support/processes.ts';

const times = 5;
const heapMegabytes = 48;

describe('the memory of plimsoll replay', function () {
  this.timeout(120_000);

  it('does not grow with its input: a hundred megabytes go through a heap of half of that', async () => {
    const recording = gunzipSync(readFileSync(recordingPath('random-1')));
    expect(recording.length * times).to.be.above(2 * heapMegabytes * 1_000_000);
    const replaying = new Plimsoll(['replay', '--check', '--output', 'json', '-'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: `--max-old-space-size=${heapMegabytes}` },
    });
    const input = Readable.from(Array.from({ length: times }, () => recording));
    await pipeline(input, replaying.process.stdin!);
    const { code, stdout, stderr } = await replaying.ended();
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal({
      scenarios: 500 * times,
      ticks: 6299 * times,
      differences: 0,
      skipped: 0,
    });
  });
});
