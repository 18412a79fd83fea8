import { expect } from 'chai';
import { createLogger } from '../../src/lib/logger.ts';
import type { LoggerOptions } from '../../src/lib/logger.ts';

function sink(options: Partial<LoggerOptions> & Pick<LoggerOptions, 'format'>, isTTY = false) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text), isTTY };
  return { logger: createLogger({ stream, ...options }), lines };
}

describe('createLogger', () => {
  it('writes one JSON object a line with time, level, message and fields', () => {
    const { logger, lines } = sink({ format: 'json' });
    logger.info({ autoscaler: 'shop/web', to: 3 }, 'scaled');
    const line = JSON.parse(lines[0]!) as Record<string, unknown>;
    expect(line).to.include({ level: 'info', msg: 'scaled', autoscaler: 'shop/web', to: 3 });
    expect(Date.parse(String(line.time))).to.be.a('number').that.is.not.NaN;
  });

  it('writes text with time, level, message and fields, quoting what has spaces', () => {
    const { logger, lines } = sink({ format: 'text' });
    logger.warn({ to: 3, reason: 'cpu above target' }, 'scaled');
    expect(lines[0]).to.match(/^\d\d:\d\d:\d\d warn  scaled to=3 reason="cpu above target"\n$/);
  });

  it('wraps text at 80 columns with the fields indented', () => {
    const { logger, lines } = sink({ format: 'text' });
    logger.info({ a: 'x'.repeat(40), b: 'y'.repeat(40), c: 'z'.repeat(10) }, 'a message');
    const rows = lines[0]!.trimEnd().split('\n');
    expect(rows).to.have.length(2);
    for (const row of rows) expect(row.length).to.be.at.most(80);
    expect(rows[1]).to.match(/^ {15}b=y+ c=z+$/);
  });

  it('shows an error by its message', () => {
    const { logger, lines } = sink({ format: 'text' });
    logger.error({ err: new Error('connection refused') }, 'cannot list pods');
    expect(lines[0]).to.contain('cannot list pods err="connection refused"');
  });

  it('colours text on a terminal only, and not when told otherwise', () => {
    const paints = (color: boolean | undefined, isTTY: boolean): boolean => {
      const { logger, lines } = sink({ format: 'text', ...(color === undefined ? {} : { color }) }, isTTY);
      logger.info('hello');
      return lines[0]!.includes('\u001b[');
    };
    expect(paints(undefined, false)).to.equal(false);
    expect(paints(true, false)).to.equal(true);
    expect(paints(false, true)).to.equal(false);
  });

  it('leaves out what is below its level', () => {
    const { logger, lines } = sink({ format: 'json', level: 'warn' });
    logger.info('quiet');
    expect(lines).to.deep.equal([]);
  });
});
