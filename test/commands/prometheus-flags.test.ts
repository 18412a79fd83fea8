import { expect } from 'chai';
import { selfSignedCertificate } from '../support/certificate.ts';
import { runInProcess } from '../support/in-process.ts';
import { temporaryFile } from '../support/local-api.ts';

const ca = temporaryFile('ca.crt', selfSignedCertificate().cert);
const token = temporaryFile('token', 'secret');
const url = 'https://prometheus.monitoring:9090';

/** What the operator says who looks for a kubeconfig that is not there: it has accepted all the others. */
async function said(...flags: string[]): Promise<string> {
  const { code, stderr } = await runInProcess(['operator', '--kubeconfig=/not/there', ...flags]);
  expect(code).to.equal(2);
  return stderr;
}

describe('the flags of plimsoll operator for Prometheus servers', () => {
  const accepted: Record<string, string[]> = {
    'one server': ['--prometheus', `main=${url}`],
    'several servers': [`--prometheus=main=${url}`, '--prometheus=team-a.eu=http://127.0.0.1:9090/tenant/a/'],
    'a CA and a token': [
      `--prometheus=main=${url}`,
      `--prometheus-ca=main=${ca}`,
      `--prometheus-token-file=main=${token}`,
    ],
    'files before their server': [`--prometheus-token-file=main=${token}`, `--prometheus=main=${url}`],
  };
  for (const [title, flags] of Object.entries(accepted))
    it(`may give ${title}`, async () => {
      expect(await said(...flags)).to.match(/\/not\/there/);
    });

  const refused: Record<string, [flags: string[], message: RegExp]> = {
    'no name': [[`--prometheus=${url}`], /--prometheus: allowed is NAME=URL, such as main=http/],
    'an empty name': [[`--prometheus==${url}`], /--prometheus: allowed is NAME=URL/],
    'an empty URL': [['--prometheus=main='], /--prometheus: allowed is NAME=URL/],
    'a name with a space': [[`--prometheus=my main=${url}`], /up to 63 letters, digits/],
    'a name that is too long': [[`--prometheus=${'a'.repeat(64)}=${url}`], /up to 63 letters, digits/],
    'no URL': [['--prometheus=main=prometheus'], /--prometheus main=\.\.\.: not a URL, such as http/],
    'another scheme': [['--prometheus=main=ftp://host/'], /must begin with http:\/\/ or https:\/\//],
    'a host without a scheme': [['--prometheus=main=prometheus:9090'], /must begin with http/],
    'a password': [['--prometheus=main=https://me:hush@host/'], /must have no user and password/],
    'a query': [['--prometheus=main=https://host/?key=hush'], /must have no query and no fragment/],
    'a name twice': [
      [`--prometheus=main=${url}`, '--prometheus=main=http://other'],
      /main=\.\.\.: given twice/,
    ],
    'a CA for no server': [
      [`--prometheus=main=${url}`, `--prometheus-ca=other=${ca}`],
      /--prometheus-ca other=\.\.\.: there is no --prometheus other=URL \(registered: main\)/,
    ],
    'a token for no server': [
      [`--prometheus-token-file=main=${token}`],
      /--prometheus-token-file main=\.\.\.: .* \(none is registered\)/,
    ],
    'a CA for http': [
      ['--prometheus=main=http://host', `--prometheus-ca=main=${ca}`],
      /--prometheus-ca is given, and the URL begins with http:\/\/; use https:\/\//,
    ],
    'a CA that is not there': [
      [`--prometheus=main=${url}`, '--prometheus-ca=main=/no/ca'],
      /of main: cannot read \/no\/ca: ENOENT/,
    ],
    'a CA that is none': [
      [`--prometheus=main=${url}`, `--prometheus-ca=main=${token}`],
      /of main: .* has no certificate in PEM form/,
    ],
    'a token that is empty': [
      [`--prometheus=main=${url}`, `--prometheus-token-file=main=${temporaryFile('token', '\n')}`],
      /of main: .* is empty/,
    ],
  };
  for (const [title, [flags, message]] of Object.entries(refused))
    it(`may not give ${title}`, async () => {
      const stderr = await said(...flags);
      expect(stderr).to.match(message);
      expect(stderr.trim().split('\n')).to.have.length(1);
      expect(stderr).not.to.match(/hush|secret/);
    });
});
