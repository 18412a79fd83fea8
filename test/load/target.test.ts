import { expect } from 'chai';
import { checkAllowed, checkReachable, parseTarget } from '../../src/load/target.ts';
import { closedPortUrl, listenTcp } from './servers.ts';

async function refusal(work: Promise<void>): Promise<{ message: string; exitCode: unknown }> {
  try {
    await work;
  } catch (error) {
    return error as { message: string; exitCode: unknown };
  }
  throw new Error('nothing was refused');
}

const check = (text: string, allowRemote = false): Promise<void> => {
  const url = new URL(text);
  return checkAllowed(url, parseTarget(url), allowRemote);
};

describe('load target', () => {
  it('asks for path and query at the host and port of the URL', () => {
    const target = parseTarget(new URL('http://127.0.0.1:8080/a/b?cpu=5#part'));
    expect(target).to.include({ host: '127.0.0.1', port: 8080 });
    expect(target.request.keep).to.match(/^GET \/a\/b\?cpu=5 HTTP\/1\.1\r\nHost: 127\.0\.0\.1:8080\r\n/);
    expect(target.request.keep).to.match(/\r\nConnection: keep-alive\r\n\r\n$/);
    expect(target.request.last).to.match(/\r\nConnection: close\r\n\r\n$/);
  });

  it('takes port 80 unless told, and IPv6 without its brackets', () => {
    expect(parseTarget(new URL('http://localhost'))).to.include({ host: 'localhost', port: 80 });
    expect(parseTarget(new URL('http://[::1]:81/'))).to.include({ host: '::1', port: 81 });
    expect(parseTarget(new URL('https://localhost'))).to.include({ host: 'localhost', port: 443 });
  });

  const refused: Record<string, [url: string, message: RegExp]> = {
    'another scheme': ['ftp://127.0.0.1/', /must be http or https, not ftp/],
    'another scheme at a port': ['ftp://127.0.0.1:2121/', /must be http or https, not ftp/],
    'credentials, without printing them': ['http://me:secret@127.0.0.1/', /^(?!.*secret).*not supported/],
  };
  for (const [sentence, [url, message]] of Object.entries(refused)) {
    it(`refuses ${sentence}`, () => {
      expect(() => parseTarget(new URL(url)))
        .to.throw(message)
        .with.property('exitCode', 2);
    });
  }

  for (const url of [
    'http://127.0.0.1/',
    'http://127.9.8.7:81/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://localhost/',
  ]) {
    it(`allows ${url}, which is this machine`, () => check(url));
  }

  for (const url of ['http://192.0.2.1/', 'http://[2001:db8::1]/', 'http://0.0.0.0/']) {
    it(`refuses ${url} unless remote targets are allowed`, async () => {
      const { message, exitCode } = await refusal(check(url));
      expect(message).to.contain('--allow-remote').and.to.contain(url);
      expect(message).to.match(/ is not a loopback address;/);
      expect(exitCode).to.equal(2);
      await check(url, true);
    });
  }

  it('says when a name is not known', async () => {
    const { message, exitCode } = await refusal(check('http://no-such-host.invalid/'));
    expect(message).to.match(/cannot reach http:\/\/no-such-host\.invalid\/: name not found/);
    expect(exitCode).to.equal(2);
  });

  it('says when nothing listens', async () => {
    const url = await closedPortUrl();
    const { message, exitCode } = await refusal(checkReachable(url, parseTarget(url), 5000));
    expect(message).to.match(
      /^cannot reach http:\/\/127\.0\.0\.1:\d+\/: connection refused; is the app running/,
    );
    expect(exitCode).to.equal(2);
  });

  it('is content when something listens', async () => {
    const server = await listenTcp((socket) => socket.on('error', () => socket.destroy()));
    await checkReachable(server.url, parseTarget(server.url), 5000);
    await server.close();
  });
});
