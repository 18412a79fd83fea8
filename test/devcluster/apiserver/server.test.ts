import { request } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { UserError } from '../../../src/lib/errors.ts';
import type { LogSource } from '../../../src/devcluster/cluster-api.ts';
import { startApiServer } from '../../../src/devcluster/apiserver/server.ts';
import type { ApiServer } from '../../../src/devcluster/apiserver/server.ts';

const host = '127.0.0.1';

describe('startApiServer', () => {
  let server: ApiServer;

  beforeEach(async () => {
    server = await startApiServer({ host, port: 0 });
  });

  afterEach(() => server.close());

  it('serves the namespaces that every cluster has', async () => {
    const response = await fetch(`${server.url}/api/v1/namespaces`);
    const { items } = (await response.json()) as { items: { metadata: { name: string } }[] };
    const names = items.map(({ metadata }) => metadata.name);
    expect(names).to.deep.equal(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  });

  it('says what to do when the port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, host, resolve));
    const { port } = taken.address() as AddressInfo;
    try {
      const error: unknown = await startApiServer({ host, port }).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(UserError);
      expect((error as UserError).message).to.equal(
        `cannot listen on ${host}:${port}: the port is in use; choose another with --port or 0 for a free one`,
      );
    } finally {
      taken.close();
    }
  });

  it('sends changes to a watch as they happen, and ends it on close', async () => {
    const response = await fetch(`${server.url}/api/v1/namespaces/default/configmaps?watch=1`);
    const reader = (response.body as ReadableStream<Uint8Array>)
      .pipeThrough(new TextDecoderStream())
      .getReader();
    server.cluster.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: 'default' },
    });
    const { value = '' } = await reader.read();
    expect(JSON.parse(value)).to.have.nested.property('object.metadata.name', 'a');
    const last = reader.read().then(
      ({ done }) => done,
      () => true,
    );
    await server.close();
    expect(await last).to.equal(true);
    server = await startApiServer({ host, port: 0 });
  });

  it('refuses a body over 3 MiB with 413', async () => {
    const response = await fetch(`${server.url}/api/v1/namespaces/default/configmaps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ metadata: { name: 'a' }, data: { a: 'x'.repeat(3_200_000) } }),
    });
    expect(response.status).to.equal(413);
    expect(await response.json()).to.include({ reason: 'RequestEntityTooLarge' });
  });

  it('answers HEAD with 405 and no body', async () => {
    const response = await fetch(`${server.url}/api/v1/pods`, { method: 'HEAD' });
    expect(response.status).to.equal(405);
    expect(await response.text()).to.equal('');
  });

  it('streams a log and stops reading when the client goes away', async () => {
    let signal: AbortSignal | undefined;
    const logs: LogSource = {
      async *read(_namespace, _pod, options, given) {
        signal = given;
        yield Buffer.from(`${options.container ?? ''} ${options.tailLines ?? 'all'} ${options.follow}\n`);
        await new Promise((resolve) => {
          given.addEventListener('abort', resolve);
        });
      },
    };
    server.setSources({ logs });
    server.cluster.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { nodeName: 'n', containers: [{ name: 'c', image: 'x' }] },
    });
    const path = '/api/v1/namespaces/default/pods/p/log?follow=true&tailLines=5';
    const first = await new Promise<string>((resolve, reject) => {
      const sent = request(`${server.url}${path}`, (response) => {
        response.once('data', (chunk: Buffer) => {
          resolve(chunk.toString());
          sent.destroy();
        });
      });
      sent.on('error', reject);
      sent.end();
    });
    expect(first).to.equal('c 5 true\n');
    await new Promise<void>((resolve) => {
      if (signal?.aborted === true) resolve();
      else signal?.addEventListener('abort', () => resolve());
    });
    expect(signal?.aborted).to.equal(true);
  });
});
