import { expect } from 'chai';
import fc from 'fast-check';
import { MalformedResponse, type ResponseHead } from '../../src/load/response-head.ts';
import { ResponseReader } from '../../src/load/response-reader.ts';

const fixed = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Pod-Name: a\r\n\r\nhello';
const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunked = `${chunkedHead}5\r\nhello\r\nA;ext="x"\r\n0\r\n\r\n56789\r\n0\r\nTrailer: t\r\n\r\n`;
const interim = `HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${fixed}`;
const empty = 'HTTP/1.1 204 No Content\r\n\r\n';

function push(reader: ResponseReader, text: string): number | undefined {
  return reader.push(Buffer.from(text, 'latin1'))?.status;
}

describe('response reader', () => {
  for (const [name, text] of Object.entries({ fixed, chunked, interim, empty })) {
    it(`finds the end of an answer in one piece: ${name}`, () => {
      expect(push(new ResponseReader({ podHeader: 'x-pod-name' }), text)).to.be.oneOf([200, 204]);
    });

    it(`finds the same end whatever the pieces: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 12 }), (cuts) => {
          const reader = new ResponseReader({ podHeader: 'x-pod-name' });
          const at = [0, ...new Set(cuts.toSorted((a, b) => a - b)), text.length];
          const answers = at.slice(1).map((end, index) => push(reader, text.slice(at[index], end)));
          expect(answers.slice(0, -1).every((answer) => answer === undefined)).to.equal(true);
          expect(answers.at(-1)).to.be.oneOf([200, 204]);
        }),
      );
    });
  }

  it('expects no body after the head of an answer to HEAD, whatever length it states', () => {
    const reader = new ResponseReader({ podHeader: 'x-pod-name', isHead: true });
    for (const head of [fixed.slice(0, -'hello'.length), chunkedHead, 'HTTP/1.1 200 OK\r\n\r\n'])
      expect(push(reader, head)).to.equal(200);
    expect(() => push(reader, fixed)).to.throw(MalformedResponse);
  });

  it('reads one answer after the other', () => {
    const reader = new ResponseReader({ podHeader: 'x-pod-name' });
    for (const text of [fixed, chunked, empty, fixed]) {
      expect(reader.started).to.equal(false);
      expect(push(reader, text.slice(0, 20))).to.equal(undefined);
      expect(reader.started).to.equal(true);
      expect(push(reader, text.slice(20))).to.be.oneOf([200, 204]);
    }
  });

  it('keeps nothing of the pieces that it is given, since they are overwritten', () => {
    const reader = new ResponseReader({ podHeader: 'x-pod-name' });
    const shared = Buffer.alloc(200);
    const pushShared = (text: string): ResponseHead | undefined =>
      reader.push(shared.subarray(0, shared.write(text, 'latin1')));
    const other = fixed.replace('Name: a', 'Name: b');
    for (const [text, pod] of [fixed, fixed, other, fixed].map((one) => [one, /Name: (.)/.exec(one)?.[1]])) {
      expect(pushShared(text!.slice(0, 30))).to.equal(undefined);
      shared.fill('x');
      expect(pushShared(text!.slice(30))).to.include({ status: 200, pod });
      expect(pushShared(text!)).to.include({ status: 200, pod });
    }
  });

  it('tells a head from the one before that it begins with, or that begins with it', () => {
    const reader = new ResponseReader({ podHeader: 'x-pod-name' });
    const short = 'HTTP/1.1 204 No Content\r\n\r\n';
    const long = 'HTTP/1.1 204 No Content\r\nX-Pod-Name: a\r\n\r\n';
    for (const text of [short, long, short, long, long])
      expect(reader.push(Buffer.from(text))?.pod).to.equal(text === long ? 'a' : undefined);
  });

  it('completes an answer without a length at the end of the connection, and only that one', () => {
    const reader = new ResponseReader({ podHeader: 'x-pod-name' });
    expect(push(reader, 'HTTP/1.1 200 OK\r\n\r\nall of this')).to.equal(undefined);
    expect(reader.end()?.status).to.equal(200);
    for (const cut of [fixed.slice(0, -1), chunked.slice(0, -4), 'HTTP/1.1 20', '']) {
      const other = new ResponseReader({ podHeader: 'x-pod-name' });
      push(other, cut);
      expect(other.end(), JSON.stringify(cut)).to.equal(undefined);
    }
  });

  const malformed: Record<string, string> = {
    'garbage, before its end is known': 'SSH-2.0',
    'line ends of another kind, before their end is known': 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
    'a lone line end of another kind': 'HTTP/1.1 200 OK\r\nX-Pod-Name: a\nContent-',
    'bytes after the answer': `${fixed}!`,
    'a second answer that nobody asked for': fixed + fixed,
    'a chunk size that is no number': `${chunkedHead}zz\r\n`,
    'a chunk longer than it says': `${chunkedHead}3\r\nhello\r\n`,
    'a head without an end': `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(12_000)}`,
    'a head that is too long': `HTTP/1.1 200 OK\r\n${'X: y\r\n'.repeat(12_000)}\r\n`,
    'a chunk line without an end': `${chunkedHead}${'1'.repeat(20_000)}`,
    'a change of protocol': 'HTTP/1.1 101 Switching Protocols\r\n\r\n',
  };
  for (const [sentence, text] of Object.entries(malformed)) {
    it(`refuses ${sentence}`, () => {
      expect(() => push(new ResponseReader({ podHeader: 'x-pod-name' }), text)).to.throw(MalformedResponse);
    });
  }
});
