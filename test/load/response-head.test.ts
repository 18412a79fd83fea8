import { expect } from 'chai';
import { MalformedResponse, parseHead, type ResponseHead } from '../../src/load/response-head.ts';

const parse = (...lines: string[]): ResponseHead =>
  parseHead(lines.join('\r\n'), { podHeader: 'x-pod-name' });

describe('head of an answer', () => {
  const bodies: Record<string, [lines: string[], body: ResponseHead['body']]> = {
    'as long as Content-Length says': [['Content-Length: 42'], { type: 'fixed', bytes: 42 }],
    'as long as two equal Content-Lengths say': [
      ['Content-Length: 7', 'content-length:7'],
      { type: 'fixed', bytes: 7 },
    ],
    'chunked when Transfer-Encoding ends so': [['Transfer-Encoding: gzip, chunked'], { type: 'chunked' }],
    'chunked even when there is a Content-Length': [
      ['Content-Length: 3', 'transfer-encoding: Chunked'],
      { type: 'chunked' },
    ],
    'until the close for another coding': [['Transfer-Encoding: gzip'], { type: 'untilClose' }],
    'until the close when nothing is said': [[], { type: 'untilClose' }],
  };
  for (const [sentence, [lines, body]] of Object.entries(bodies)) {
    it(`has a body ${sentence}`, () => expect(parse('HTTP/1.1 200 OK', ...lines).body).to.deep.equal(body));
  }

  for (const status of [100, 103, 204, 304]) {
    it(`has no body with status ${status}, whatever its length says`, () => {
      expect(parse(`HTTP/1.1 ${status} X`, 'Content-Length: 5').body).to.deep.equal({
        type: 'fixed',
        bytes: 0,
      });
    });
  }

  const connections: Record<string, [lines: string[], keepAlive: boolean]> = {
    'keeps an HTTP/1.1 connection': [['HTTP/1.1 200 OK', 'Content-Length: 0'], true],
    'closes it when told to': [['HTTP/1.1 200 OK', 'Content-Length: 0', 'connection: Close'], false],
    'closes it when told to among others': [
      ['HTTP/1.1 200 OK', 'Content-Length: 0', 'Connection: x, close'],
      false,
    ],
    'closes it when that is the end of the body': [['HTTP/1.1 200 OK'], false],
    'closes an HTTP/1.0 connection': [['HTTP/1.0 200 OK', 'Content-Length: 0'], false],
    'keeps an HTTP/1.0 connection when told to': [
      ['HTTP/1.0 200 OK', 'Content-Length: 0', 'Connection: keep-alive'],
      true,
    ],
  };
  for (const [sentence, [lines, keepAlive]] of Object.entries(connections)) {
    it(sentence, () => expect(parse(...lines).keepAlive).to.equal(keepAlive));
  }

  it('reads how long the server keeps an idle connection', () => {
    expect(parse('HTTP/1.1 200 OK', 'Keep-Alive: timeout=5, max=100').keepAliveMs).to.equal(5000);
    expect(parse('HTTP/1.1 200 OK', 'Keep-Alive: max=100').keepAliveMs).to.equal(undefined);
    expect(parse('HTTP/1.1 200 OK').keepAliveMs).to.equal(undefined);
  });

  it('reads the name of the pod, in whatever case the header is', () => {
    expect(parse('HTTP/1.1 200 OK', 'X-POD-name:  web-7c9-2xk ').pod).to.equal('web-7c9-2xk');
  });

  it('takes for a name only what can be printed', () => {
    expect(parse('HTTP/1.1 200 OK', 'X-Pod-Name: \u001b[2Jweb').pod).to.equal(undefined);
    expect(parse('HTTP/1.1 200 OK', `X-Pod-Name: ${'a'.repeat(254)}`).pod).to.equal(undefined);
    expect(parse('HTTP/1.1 200 OK', 'X-Pod-Name:').pod).to.equal(undefined);
  });

  it('accepts a status line without a reason', () => {
    expect(parse('HTTP/1.1 503').status).to.equal(503);
    expect(parse('HTTP/1.1 503 ').status).to.equal(503);
  });

  const malformed: Record<string, string[]> = {
    'another protocol': ['SSH-2.0-OpenSSH_9.2'],
    'HTTP/2': ['HTTP/2 200'],
    'a status that is no number': ['HTTP/1.1 abc OK'],
    'nothing at all': [''],
    'a header line without a colon': ['HTTP/1.1 200 OK', 'what is this'],
    'a header line without a name': ['HTTP/1.1 200 OK', ': value'],
    'a length that is no number': ['HTTP/1.1 200 OK', 'Content-Length: many'],
    'a negative length': ['HTTP/1.1 200 OK', 'Content-Length: -1'],
    'two lengths that differ': ['HTTP/1.1 200 OK', 'Content-Length: 1', 'Content-Length: 2'],
  };
  for (const [sentence, lines] of Object.entries(malformed)) {
    it(`refuses ${sentence}`, () => expect(() => parse(...lines)).to.throw(MalformedResponse));
  }
});
