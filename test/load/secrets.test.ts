import { expect } from 'chai';
import { withoutSecret, withoutSecretParameters, withoutSecrets } from '../../src/load/secrets.ts';

describe('what is shown of a load command', () => {
  const secretHeaders = [
    ...['Authorization', 'Proxy-Authorization', 'Cookie', 'X-Api-Key', 'Api-Key', 'apikey', 'X-Auth-Token'],
    ...['X-Access-Token', 'X-Amz-Security-Token', 'PRIVATE-TOKEN', 'X-Vault-Token', 'X-Session-Id'],
    ...['X-Hub-Signature-256', 'X-Client-Secret', 'X-Password'],
  ];
  for (const name of secretHeaders) {
    it(`has no value of the header ${name}`, () => {
      expect(withoutSecret(`${name}: S3CRET`)).to.equal(`${name}: (left out)`);
      expect(withoutSecret(`${name.toLowerCase()}:S3CRET`)).to.not.contain('S3CRET');
    });
  }

  it('has no token in a header of any name', () => {
    for (const value of ['Bearer S3CRET', 'Basic S3CRET', 'eyJhbGciOi.eyJzdWIiOi.S3CRET'])
      expect(withoutSecret(`X-Mine: ${value}`)).to.equal('X-Mine: (left out)');
  });

  for (const line of ['Content-Type: text/plain', 'Host: shop.example', 'X-Tenant: 5', 'Author: me']) {
    it(`has the header ${line}`, () => expect(withoutSecret(line)).to.equal(line));
  }

  it('has no credentials in a URL, and the rest of it', () => {
    expect(withoutSecretParameters('http://a/b?size=5&access_token=S3CRET&x=1#id_token=S3CRET')).to.equal(
      'http://a/b?size=5&access_token=left-out&x=1#id_token=left-out',
    );
    for (const name of ['token', 'api_key', 'key', 'sig', 'X-Amz-Signature', 'X-Amz-Credential', 'password'])
      expect(withoutSecretParameters(`http://a/?${name}=S3CRET&page=2`)).to.equal(
        `http://a/?${name}=left-out&page=2`,
      );
    expect(withoutSecret('Referer: http://a/?token=S3CRET')).to.equal('Referer: http://a/?token=left-out');
  });

  const line = 'Authorization: Bearer S3CRET';
  const ways: Record<string, [words: string[], shown: string[]]> = {
    'a header of its own': [['-H', line], ['-H', 'Authorization: (left out)']],
    'a header behind an equals sign': [[`--header=${line}`], ['--header=Authorization: (left out)']],
    'a header behind its letter': [['-HCookie: S3CRET'], ['-HCookie: (left out)']],
    'a header behind two letters': [['-kHCookie: S3CRET'], ['-kHCookie: (left out)']],
    'a header after two letters': [['-kH', line], ['-kH', 'Authorization: (left out)']],
    'several bodies': [['-d', 'S3CRET', '--data', 'S3CRET'], ['-d', '(left out)', '--data', '(left out)']],
    'a joined body': [['--data=a=S3CRET', '-da=S3CRET'], ['--data=(left out)', '-d(left out)']],
    'a body of several lines': [['-dpassword=\nS3CRET'], ['-d(left out)']],
    'the name of a body’s file': [['-d', '@body.json', '-d@b'], ['-d', '@body.json', '-d@b']],
    'an empty body': [['--data=', '--rate', '5'], ['--data=(left out)', '--rate', '5']],
    'a URL': [['load', 'http://a/?key=S3CRET'], ['load', 'http://a/?key=left-out']],
    'everything else': [['--duration', '5s', '-k', '--expect', 'p99<1s'], ['--duration', '5s', '-k', '--expect', 'p99<1s']],
  }; // prettier-ignore
  for (const [sentence, [words, shown]] of Object.entries(ways)) {
    it(`has what it may of ${sentence}`, () => expect(withoutSecrets(words)).to.deep.equal(shown));
  }
});
