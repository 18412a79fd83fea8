import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProgram, pinned, serverCore } from './programs.ts';

/** Something that answers far faster than any generator asks. */
export interface Server {
  readonly name: 'nginx' | 'server.c';
  readonly url: string;
  stop(): Promise<void>;
}

const startsWithinMs = 5000;
const body = '0123456789'.repeat(6) + '0123';

/** nginx with one worker, or a small C server where there is none; on a core of its own. */
export async function startServer(folder: string, wanted: string): Promise<Server> {
  const port = await freePort();
  const nginx = wanted === 'c' ? undefined : findProgram('nginx');
  const [file, ...args] = nginx === undefined ? cServer(folder, port) : nginxServer(nginx, folder, port);
  const process = spawn(...pinned(serverCore, file, args), { stdio: ['ignore', 'ignore', 'inherit'] });
  await untilListening(port, process);
  return {
    name: nginx === undefined ? 'server.c' : 'nginx',
    url: `http://127.0.0.1:${port}/`,
    stop: async () => {
      if (process.exitCode !== null) return;
      process.kill();
      await once(process, 'exit');
    },
  };
}

function nginxServer(program: string, folder: string, port: number): [string, ...string[]] {
  const config = join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${join(folder, 'nginx.pid')}; error_log stderr;
     events { worker_connections 4096; }
     http {
       ${paths.join(' ')}
       access_log off; keepalive_requests 1000000000;
       server {
         listen 127.0.0.1:${port};
         location / { add_header X-Pod-Name pod-a; return 200 "${body}"; }
       }
     }`,
  );
  return [program, '-e', 'stderr', '-c', config];
}

/** @throws Error where there is no C compiler either */
function cServer(folder: string, port: number): [string, ...string[]] {
  const compiler = findProgram('cc');
  if (compiler === undefined)
    throw new Error('Cannot measure as there is nothing to load: install nginx, or a C compiler (cc)');
  const program = join(folder, 'server');
  execFileSync(compiler, ['-O2', '-o', program, fileURLToPath(new URL('server.c', import.meta.url))]);
  return [program, String(port)];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number, process: ChildProcess): Promise<void> {
  const deadline = performance.now() + startsWithinMs;
  while (!(await isListening(port))) {
    if (process.exitCode !== null || performance.now() > deadline)
      throw new Error(`Cannot measure as the server does not listen on port ${port}`);
    await sleep(50);
  }
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  const listening = await promise;
  socket.destroy();
  return listening;
}
