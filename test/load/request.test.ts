import { expect } from 'chai';
import { requestBytes, type RequestOptions } from '../../src/load/request.ts';

const url = new URL('http://127.0.0.1:8080/a?b=c#part');
const text = (options?: RequestOptions): string => requestBytes(url, options).keep;

describe('request', () => {
  it('is a GET of path and query, and nothing more than is needed', () => {
    expect(text()).to.equal(
      'GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: plimsoll-load\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n',
    );
  });

  it('asks to close the connection in its last form, and is the same else', () => {
    const { keep, last } = requestBytes(url, { body: Buffer.from('x'), headers: ['X-A: 1'] });
    expect(last).to.equal(keep.replace('keep-alive', 'close'));
  });

  it('is a POST with a body, whose length and type it states, byte for byte', () => {
    const body = Buffer.from([0, 255, 13, 10, 65]);
    const { keep, method } = requestBytes(url, { body });
    expect(method).to.equal('POST');
    expect(keep).to.match(
      /^POST .*\r\nContent-Type: application\/x-www-form-urlencoded\r\nContent-Length: 5\r\n/s,
    );
    expect(Buffer.from(keep.slice(-5), 'latin1')).to.deep.equal(body);
  });

  it('takes another method and other headers, which replace its own of the same name', () => {
    const options = {
      method: 'PUT',
      body: Buffer.from('{}'),
      headers: [
        'content-type: application/json',
        'Host: web.example',
        'X-Twice: 1',
        'x-twice: 2',
        'X-Empty:',
      ],
    };
    const lines = text(options).split('\r\n');
    expect(lines[0]).to.equal('PUT /a?b=c HTTP/1.1');
    expect(lines).to.include.members([
      'content-type: application/json',
      'Host: web.example',
      'X-Twice: 1',
      'x-twice: 2',
      'X-Empty: ',
    ]);
    expect(lines.filter((line) => /^(host|content-type):/i.test(line))).to.have.length(2);
  });

  it('knows which methods may be sent again', () => {
    const idempotent = ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST', 'PATCH'].filter(
      (method) => requestBytes(url, { method }).isIdempotent,
    );
    expect(idempotent).to.deep.equal(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
  });

  const refused: Record<string, [options: RequestOptions, message: RegExp]> = {
    'a method that is no word': [{ method: 'GET /' }, /cannot send method "GET \/"/],
    'a tunnel': [{ method: 'CONNECT' }, /cannot send method "CONNECT"/],
    'a header without a colon': [
      { headers: ['Accept'] },
      /cannot send header "Accept"; allowed is 'Name: value'/,
    ],
    'a header with a break, which would be two': [
      { headers: ['X-A: 1\r\nX-B: 2'] },
      /cannot send header "X-A: \.\.\."/,
    ],
    'a header name with a blank': [{ headers: ['X A: 1'] }, /cannot send header "X A/],
    'a length of its own': [
      { headers: ['Content-Length: 5'] },
      /Content-Length: the generator sets it itself/,
    ],
    'a say in how connections are kept': [
      { headers: ['connection: close'] },
      /connection: the generator sets it itself/,
    ],
  };
  for (const [sentence, [options, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      expect(() => requestBytes(url, options))
        .to.throw(message)
        .with.property('exitCode', 2);
    });
  }

  it('does not print the value of a header that it refuses, as it may be a secret', () => {
    expect(() => requestBytes(url, { headers: ['Authorization: Bearer s3cret\n'] })).to.not.throw();
    expect(() => requestBytes(url, { headers: ['Auth orization: s3cret'] })).to.throw(/^(?!.*s3cret)/);
  });
});
