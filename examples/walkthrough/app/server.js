// The walkthrough's app: answers each request after burning a stated amount of CPU time, and says which pod answered.
//
//   GET /?cpu=5    burns 5 ms of CPU time (default CPU_MS) and answers; any path but those below does the same
//   GET /healthz   200 while the process lives
//   GET /readyz    200 while it takes traffic, 503 once it is stopping
//   GET /metrics   Prometheus text format
//
// Environment:
//   PORT                     8080
//   HOST                     address to listen on; all of them unless set (POD_IP when that is a loopback address)
//   POD_NAME                 name in the answers; the host name unless set
//   CPU_MS                   CPU milliseconds a request, 0 to 1000; 10
//   DRAIN_MS                 how long it serves on after SIGTERM, so that balancers can take note; 3000
//   MAX_REQUESTS_PER_SOCKET  closes a kept connection after so many requests, which lets clients find new pods; 0 is never
//
// No dependencies: any Node from 20 on runs it as it is.

import { createServer } from 'node:http';
import { hostname } from 'node:os';

const longestCpuMs = 1000;

// The settings from the environment; throws an Error that names the variable.
function readSettings(env) {
  return {
    port: readNumber(env, 'PORT', 8080, 65_535),
    host: env.HOST || (env.POD_IP?.startsWith('127.') ? env.POD_IP : undefined),
    podName: env.POD_NAME || hostname(),
    cpuMs: readNumber(env, 'CPU_MS', 10, longestCpuMs),
    drainMs: readNumber(env, 'DRAIN_MS', 3000, 600_000),
    maxRequestsPerSocket: readNumber(env, 'MAX_REQUESTS_PER_SOCKET', 0, 1e9),
  };
}

function readNumber(env, name, byDefault, most) {
  const text = env[name] || String(byDefault);
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value > most) {
    throw new Error(`${name} must be a number from 0 to ${most}, not ${JSON.stringify(text)}`);
  }
  return value;
}

/** Burns CPU time of this process: the same amount of work whatever else the machine does. */
function burn(cpuMs) {
  const start = process.cpuUsage();
  let spent = 0;
  while (spent < cpuMs * 1000) {
    for (let i = 0; i < 1000; i += 1) Math.sqrt(i);
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
}

/**
 * Runs one job after the other, and none in a turn of the event loop that brought a new connection: Node accepts one
 * a turn, and a probe must not wait behind a queue of requests and of connections that are not accepted yet.
 */
function createQueue(server) {
  const jobs = [];
  let accepted = false;
  server.on('connection', () => {
    accepted = true;
  });
  const next = () => {
    if (!accepted) jobs.shift()();
    accepted = false;
    if (jobs.length > 0) setImmediate(next);
  };
  return (job) => {
    if (jobs.push(job) === 1) setImmediate(next);
  };
}

/** @returns the server, not listening yet, with `drain()`: from then on it is not ready, and asks clients to leave */
function createApp(settings) {
  const state = { ready: true, answered: new Map() };
  const routes = {
    '/healthz': (_, response) => send(response, 200, 'ok\n'),
    '/readyz': (_, response) => send(response, state.ready ? 200 : 503, state.ready ? 'ok\n' : 'stopping\n'),
    '/metrics': (_, response) =>
      send(response, 200, renderMetrics(state), 'text/plain; version=0.0.4; charset=utf-8'),
  };
  const server = createServer((request, response) => {
    request.resume();
    response.setHeader('X-Pod-Name', settings.podName);
    if (!state.ready) response.setHeader('Connection', 'close');
    const path = request.url.replace(/^\/+/, '/');
    if (!URL.canParse(path, 'http://app')) {
      count(state, 400);
      send(response, 400, 'not a path\n');
      return;
    }
    const url = new URL(path, 'http://app');
    const route = routes[url.pathname] ?? serveWork;
    route(request, response, url);
  });
  const enqueue = createQueue(server);
  // Longer than the 60 s after which proxies give up an idle connection, so that they never meet one being closed.
  server.keepAliveTimeout = 65_000;
  server.maxRequestsPerSocket = settings.maxRequestsPerSocket;

  function serveWork(request, response, url) {
    const cpuText = url.searchParams.get('cpu') ?? String(settings.cpuMs);
    const cpuMs = Number(cpuText);
    if (!/^\d+(\.\d+)?$/.test(cpuText) || cpuMs > longestCpuMs) {
      count(state, 400);
      send(
        response,
        400,
        `cpu must be milliseconds from 0 to ${longestCpuMs}, not ${JSON.stringify(cpuText)}\n`,
      );
      return;
    }
    enqueue(() => {
      if (response.destroyed) return;
      burn(cpuMs);
      count(state, 200);
      sendAnswer(request, response, { pod: settings.podName, cpuMs });
    });
  }

  return {
    server,
    drain() {
      state.ready = false;
    },
  };
}

function sendAnswer(request, response, answer) {
  if (request.headers.accept?.includes('application/json')) {
    send(response, 200, `${JSON.stringify(answer)}\n`, 'application/json');
  } else {
    send(response, 200, `Hello from ${answer.pod} after ${answer.cpuMs} ms of CPU time\n`);
  }
}

function send(response, status, body, type = 'text/plain; charset=utf-8') {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

function count(state, code) {
  state.answered.set(code, (state.answered.get(code) ?? 0) + 1);
}

function renderMetrics(state) {
  const { user, system } = process.cpuUsage();
  const codes = new Map([[200, 0], ...state.answered]);
  return [
    '# HELP http_requests_total Requests answered, without probes and scrapes.',
    '# TYPE http_requests_total counter',
    ...[...codes].map(([code, requests]) => `http_requests_total{code="${code}"} ${requests}`),
    '# HELP process_cpu_seconds_total CPU time spent, user and system.',
    '# TYPE process_cpu_seconds_total counter',
    `process_cpu_seconds_total ${(user + system) / 1e6}`,
    '# HELP process_resident_memory_bytes Resident memory.',
    '# TYPE process_resident_memory_bytes gauge',
    `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
    '# HELP process_start_time_seconds Start of the process since the Unix epoch.',
    '# TYPE process_start_time_seconds gauge',
    `process_start_time_seconds ${(performance.timeOrigin / 1000).toFixed(3)}`,
    '',
  ].join('\n');
}

function main() {
  const settings = readSettings(process.env);
  const { server, drain } = createApp(settings);
  let stopping = false;
  const stop = (signal) => {
    if (stopping) return;
    stopping = true;
    console.log(`${signal}: not ready any more, serving on for ${settings.drainMs} ms`);
    drain();
    setTimeout(() => {
      server.close(() => console.log('stopped'));
      server.closeIdleConnections();
    }, settings.drainMs);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  server.on('error', (error) => {
    console.error(`cannot listen: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen({ port: settings.port, host: settings.host }, () => {
    const { address, port } = server.address();
    console.log(
      `${settings.podName} listens on ${address} port ${port}, ${settings.cpuMs} ms of CPU time a request`,
    );
  });
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
