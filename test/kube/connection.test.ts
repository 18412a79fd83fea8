import { expect } from 'chai';
import { Connection } from '../../src/kube/connection.ts';
import { loadKubeConfig } from '../../src/kube/kubeconfig.ts';
import { kubeconfigText, temporaryFile } from '../support/local-api.ts';

const config = () =>
  loadKubeConfig({ kubeconfig: temporaryFile('config', kubeconfigText('http://127.0.0.1:1')) });

async function failureOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'none',
    (error: unknown) => String(error),
  );
}

describe('Connection', () => {
  const options = { connections: 1, credentialsMaxAgeMs: 0 };

  it('gives no access after close, and reads nothing for it', async () => {
    let loads = 0;
    const connection = new Connection(() => (loads++, config()), options);
    await connection.access('requests');
    await connection.close();
    connection.forgetCredentials();
    expect(await failureOf(connection.access('requests'))).to.equal('Error: the client was closed');
    expect(loads).to.equal(1);
  });

  it('gives no access to one who asked while it was closed', async () => {
    const connection = new Connection(config, options);
    const asked = failureOf(connection.access('watches'));
    await connection.close();
    expect(await asked).to.equal('Error: the client was closed');
  });

  it('closes after credentials that could not be read', async () => {
    const connection = new Connection(() => {
      throw new Error('the file is gone');
    }, options);
    const asked = failureOf(connection.access('requests'));
    await connection.close();
    expect(await asked).to.equal('Error: the file is gone');
  });
});
