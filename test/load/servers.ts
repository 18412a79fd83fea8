import { createServer as createHttpServer, type RequestListener, type ServerOptions } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server on a free port of loopback. */
export interface TestServer {
  readonly url: URL;
  /** Connections accepted so far. */
  readonly accepted: () => number;
  close(): Promise<void>;
}

export async function listenHttp(
  listener: RequestListener,
  options: ServerOptions = {},
): Promise<TestServer> {
  return hostedOn(createHttpServer(options, listener));
}

/** A server that speaks in raw bytes; `onSocket` gets each connection. */
export async function listenTcp(onSocket: (socket: Socket) => void): Promise<TestServer> {
  return hostedOn(createTcpServer(onSocket));
}

/** Answers each request of the generator (a GET without a body) with the same bytes. */
export async function listenRaw(
  answer: string,
  then: (socket: Socket) => void = () => undefined,
): Promise<TestServer> {
  return listenTcp((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      if (!data.includes('\r\n\r\n')) return;
      socket.write(answer, 'latin1', () => then(socket));
    });
  });
}

/** Lets a server listen on a free port of loopback. */
export async function hostedOn(server: Server, protocol = 'http:'): Promise<TestServer> {
  let accepted = 0;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`${protocol}//127.0.0.1:${port}/`),
    accepted: () => accepted,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port of loopback on which nothing listens. */
export async function closedPortUrl(): Promise<URL> {
  const server = await listenTcp(() => undefined);
  await server.close();
  return server.url;
}
