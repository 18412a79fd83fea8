/** One thing that must be so for the operator to be ready; a text says why it is not. */
type Check = () => string | undefined;

export interface HealthOptions {
  /** Must hold for the process to be left running. */
  readonly live: Readonly<Record<string, Check>>;
  /** Must hold for it to be at work. */
  readonly ready: Readonly<Record<string, Check>>;
  /** The text of `/metrics`. */
  readonly metrics: () => Promise<string>;
  /** Answers everything below `/decisions/`. */
  readonly decisions: Handler;
}

export type Handler = (request: Request) => Promise<Response>;

/** Answers `/healthz`, `/readyz`, `/metrics` and `/decisions/`. */
export function healthHandler({ live, ready, metrics, decisions }: HealthOptions): Handler {
  const routes: Readonly<Record<string, () => Response | Promise<Response>>> = {
    '/healthz': () => checked(live),
    '/readyz': () => checked({ ...live, ...ready }),
    '/metrics': async () =>
      new Response(await metrics(), {
        headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
  };
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/decisions/')) return decisions(request);
    const route = routes[pathname];
    if (route === undefined)
      return new Response(
        'not found: /healthz, /readyz, /metrics and /decisions/NAMESPACE/NAME are served\n',
        {
          status: 404,
        },
      );
    return route();
  };
}

/** One line a check, as Kubernetes' own components print them. */
function checked(checks: Readonly<Record<string, Check>>): Response {
  const failures = Object.entries(checks).map(([name, check]) => ({ name, failure: check() }));
  const lines = failures.map(({ name, failure }) =>
    failure === undefined ? `[+]${name} ok` : `[-]${name}: ${failure}`,
  );
  const failed = failures.some(({ failure }) => failure !== undefined);
  return new Response(`${lines.join('\n')}\n${failed ? 'failed' : 'ok'}\n`, { status: failed ? 503 : 200 });
}
