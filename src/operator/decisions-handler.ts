import type { DecisionQuery, DecisionRing } from './decision-ring.ts';
import type { Handler } from './health.ts';

/** Most decisions in one answer; more are not kept (decision-ring.ts). */
const maxLast = 50;

type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/**
 * Answers `GET /decisions/NAMESPACE/NAME?last=N&at=TIME`: the last decisions of an autoscaler, the newest first, as JSON. What goes wrong
 * is a Kubernetes Status, as clients of the API server's proxy read it.
 * @param ring of the present term; undefined while another process leads
 */
export function decisionsHandler(ring: () => DecisionRing | undefined): Handler {
  return (request) => Promise.resolve(answer(ring(), new URL(request.url)));
}

function answer(ring: DecisionRing | undefined, { pathname, searchParams }: URL): Response {
  const [namespace, name, ...beyond] = pathname.split('/').slice(2);
  if (!namespace || !name || beyond.length > 0)
    return failure(404, 'NotFound', `not found: the path is /decisions/NAMESPACE/NAME`);
  const query = parseQuery(searchParams);
  if (!query.ok) return failure(400, 'BadRequest', query.problem);
  if (ring === undefined)
    return failure(503, 'StandsBy', 'this operator does not lead: the one that does has the decisions');
  const autoscaler = `${namespace}/${name}`;
  const found = ring.read(autoscaler, query.value);
  if (found === undefined)
    return failure(404, 'NotFound', `no decision of CustomAutoscaler ${autoscaler} is kept by this operator`);
  return json(200, { autoscaler, ...found });
}

function parseQuery(query: URLSearchParams): Parsed<DecisionQuery> {
  const [last, at] = [query.get('last') ?? '1', query.get('at')];
  if (!/^\d{1,9}$/.test(last) || Number(last) < 1)
    return { ok: false, problem: `last=${last}: allowed is a whole number from 1 on, such as last=10` };
  const atMs = at === null ? undefined : Date.parse(at);
  if (Number.isNaN(atMs))
    return { ok: false, problem: `at=${at}: allowed is a time as in RFC 3339, such as 2026-01-31T12:00:00Z` };
  return {
    ok: true,
    value: { last: Math.min(maxLast, Number(last)), ...(atMs === undefined ? {} : { atMs }) },
  };
}

function failure(code: number, reason: string, message: string): Response {
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure' };
  return json(code, { ...status, message, reason, code });
}

function json(status: number, body: object): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { 'content-type': 'application/json' },
  });
}
