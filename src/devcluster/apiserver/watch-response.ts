import { ApiError, badRequest, internalError, invalid } from './errors.ts';
import { forbiddenField, notSupported, quote } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { Stream } from './http.ts';
import type { ApiResponse } from './http.ts';
import { presentObject } from './present.ts';
import { isTrue, selectionOptions } from './query.ts';
import type { Call } from './resources.ts';
import { parseSelection } from './selection.ts';
import { bookmark, watchObjects } from './watch.ts';
import type { WatchMessage } from './watch.ts';

/** As the real server, when the client does not say: between half an hour and an hour; here at the lower end. */
const defaultTimeoutSeconds = 1800;

/**
 * A stream of `{"type","object"}`, one a line.
 * @throws ApiError 400 for selectors, 422 for options that do not go together
 */
export function watchResponse(call: Call): ApiResponse {
  const { registry, route, query, request } = call;
  const { kind, namespace } = route;
  const selection = parseSelection(kind, selectionOptions(query, namespace));
  const start = startOf(call);
  const seconds = timeoutSeconds(query);
  checkWatchView(call);
  const allowBookmarks = isTrue(query, 'allowWatchBookmarks');
  const stream = new Stream<string>(stop);
  const show = lines(call);
  const watch = watchObjects(
    registry,
    { kind, selection },
    { ...start, allowBookmarks },
    {
      send: (message) => {
        stream.push(show(message));
      },
      end: () => {
        stream.end();
      },
    },
  );
  const timer = setTimeout(() => {
    if (allowBookmarks) stream.push(show(bookmark(registry, kind)));
    stream.end();
  }, seconds * 1000).unref();
  function stop(): void {
    clearTimeout(timer);
    watch.stop();
    request.signal.removeEventListener('abort', end);
  }
  function end(): void {
    stream.end();
  }
  request.signal.addEventListener('abort', end);
  return { status: 200, headers: { 'content-type': 'application/json' }, body: stream };
}

/** The lines of a stream; of Tables only the first has columns. */
function lines({ route, presentation, registry }: Call): (message: WatchMessage) => string {
  let isFirst = true;
  return ({ type, object }) => {
    if (type === 'ERROR') return `${JSON.stringify({ type, object })}\n`;
    const nowMs = registry.now().getTime(); // Ages are those of the event.
    let shown = presentObject(route.kind, object, { ...presentation, nowMs }) as Record<string, unknown>;
    if (presentation.negotiated.as === 'Table') {
      if (!isFirst) shown = { ...shown, columnDefinitions: null };
      isFirst = false;
    }
    return `${JSON.stringify({ type, object: shown })}\n`;
  };
}

/** A stream is JSON. @throws ApiError 406 */
function checkWatchView({ presentation }: Call): void {
  if (presentation.negotiated.encoding === 'json') return;
  const accepted = 'application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch';
  throw new ApiError(406, 'NotAcceptable', `only the following media types are accepted: ${accepted}`);
}

interface Start {
  readonly resourceVersion: number | undefined;
  readonly sendInitialEvents: boolean;
}

/** Where a watch starts. @throws ApiError 422 for options that do not go together, 500 for a version that is no number */
function startOf({ registry, query }: Call): Start {
  checkMatch(query);
  const text = query.get('resourceVersion') ?? '';
  if (text !== '' && !/^\d+$/.test(text)) {
    const reason = `strconv.ParseUint: parsing ${quote(text)}: invalid syntax`;
    throw internalError(`resourceVersion: Invalid value: ${quote(text)}: ${reason}`);
  }
  const sendInitialEvents = isTrue(query, 'sendInitialEvents');
  const isLive = text === '' && query.has('sendInitialEvents') && !sendInitialEvents;
  const version = isLive ? registry.store.version : Number(text);
  return { resourceVersion: text === '' && !isLive ? undefined : version, sendInitialEvents };
}

/** What must hold of WatchList's options. */
function checkMatch(query: URLSearchParams): void {
  const field = 'resourceVersionMatch';
  const match = query.get(field) ?? '';
  const errors: FieldError[] = [];
  if (!query.has('sendInitialEvents')) {
    const text = `${field} is forbidden for watch unless sendInitialEvents is provided`;
    if (match !== '') errors.push(forbiddenField(field, text));
  } else if (match !== 'NotOlderThan') {
    errors.push(forbiddenField(field, `sendInitialEvents requires setting ${field} to NotOlderThan`));
    if (match !== '') errors.push(notSupported(field, match, ['NotOlderThan']));
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

/** @throws ApiError 400 */
function timeoutSeconds(query: URLSearchParams): number {
  const text = query.get('timeoutSeconds') ?? '';
  if (text === '') return defaultTimeoutSeconds;
  if (!/^\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`);
  return Number(text) === 0 ? defaultTimeoutSeconds : Number(text);
}
