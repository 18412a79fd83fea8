import { expect } from 'chai';

import type { LogOptions } from '../../../src/devcluster/cluster-api.ts';
import { LogBuffer } from '../../../src/devcluster/node/log-buffer.ts';

const t0 = Date.parse('2030-01-01T00:00:00.500Z');

async function read(
  log: LogBuffer,
  options: Partial<LogOptions> = {},
  signal = new AbortController().signal,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  const all = { follow: false, previous: false, timestamps: false, ...options };
  for await (const chunk of log.read(all, signal, t0 + 10_000)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function logOf(...lines: string[]): LogBuffer {
  const log = new LogBuffer();
  lines.forEach((line, index) => log.append('stdout', Buffer.from(`${line}\n`), t0 + index * 1000));
  return log;
}

describe('the log of a container', () => {
  const rows: Record<string, { options: Partial<LogOptions>; text: string }> = {
    'is given as it was printed': { options: {}, text: 'one\ntwo\nthree\n' },
    'is cut to its last lines': { options: { tailLines: 2 }, text: 'two\nthree\n' },
    'is empty for no lines': { options: { tailLines: 0 }, text: '' },
    'is cut to the last seconds': { options: { sinceSeconds: 9 }, text: 'two\nthree\n' },
    'is cut to a number of bytes': { options: { limitBytes: 5 }, text: 'one\nt' },
    'bears times': {
      options: { timestamps: true, tailLines: 1 },
      text: '2030-01-01T00:00:02.500000000Z three\n',
    },
  };
  for (const [name, { options, text }] of Object.entries(rows)) {
    it(name, async () => {
      expect(await read(logOf('one', 'two', 'three'), options)).to.equal(text);
    });
  }

  it('joins the parts of a line, each stream for itself', async () => {
    const log = new LogBuffer();
    log.append('stdout', Buffer.from('he'), t0);
    log.append('stderr', Buffer.from('oops\n'), t0);
    log.append('stdout', Buffer.from('llo\n'), t0);
    expect(await read(log)).to.equal('oops\nhello\n');
  });

  it('shows a last line without its end once the container has ended', async () => {
    const log = logOf('one');
    log.append('stdout', Buffer.from('rest'), t0);
    expect(await read(log)).to.equal('one\n');
    log.end(t0);
    expect(await read(log)).to.equal('one\nrest');
  });

  it('keeps a long line in parts and loses nothing', async () => {
    const log = new LogBuffer();
    const long = `${'x'.repeat(50_000)}\n`;
    log.append('stdout', Buffer.from(long), t0);
    expect(await read(log)).to.equal(long);
  });

  it('forgets its oldest lines beyond the limit', async () => {
    const log = new LogBuffer(100);
    for (let index = 0; index < 50; index += 1) log.append('stdout', Buffer.from(`line ${index}\n`), t0);
    const text = await read(log);
    expect(text.length).to.be.at.most(100);
    expect(text).to.match(/line 49\n$/);
  });

  it('is followed until the container ends', async () => {
    const log = logOf('one');
    const followed = read(log, { follow: true });
    await new Promise((resolve) => setImmediate(resolve));
    log.append('stdout', Buffer.from('two\n'), t0);
    log.end(t0);
    expect(await followed).to.equal('one\ntwo\n');
  });

  it('is followed until the reader leaves', async () => {
    const reader = new AbortController();
    const followed = read(logOf('one'), { follow: true }, reader.signal);
    await new Promise((resolve) => setImmediate(resolve));
    reader.abort();
    expect(await followed).to.equal('one\n');
  });
});
