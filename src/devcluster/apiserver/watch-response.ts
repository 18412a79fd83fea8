import { invalid } from './errors.ts';
import { forbiddenField } from './field-error.ts';
import type { FieldError } from './field-error.ts';
import { Stream } from './http.ts';
import type { ApiResponse } from './http.ts';
import { parseVersion } from './list.ts';
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
  const sendInitialEvents = checkOptions(query);
  const allowBookmarks = isTrue(query, 'allowWatchBookmarks');
  const version = query.get('resourceVersion') ?? '';
  const stream = new Stream<string>(stop);
  const show = lines(call);
  const watch = watchObjects(
    registry,
    { kind, selection },
    {
      resourceVersion: version === '' ? undefined : parseVersion(version),
      allowBookmarks,
      sendInitialEvents,
    },
    {
      send: (message) => {
        stream.push(show(message));
      },
      end: () => {
        stream.end();
      },
    },
  );
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || defaultTimeoutSeconds;
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
function lines({ route, presentation }: Call): (message: WatchMessage) => string {
  let isFirst = true;
  return ({ type, object }) => {
    if (type === 'ERROR') return `${JSON.stringify({ type, object })}\n`;
    let shown = presentObject(route.kind, object, presentation) as Record<string, unknown>;
    if (presentation.negotiated.as === 'Table') {
      if (!isFirst) shown = { ...shown, columnDefinitions: null };
      isFirst = false;
    }
    return `${JSON.stringify({ type, object: shown })}\n`;
  };
}

/** What must hold of WatchList's options. @returns whether initial events are asked for */
function checkOptions(query: URLSearchParams): boolean {
  const sendInitialEvents = query.get('sendInitialEvents');
  const match = query.get('resourceVersionMatch') ?? '';
  const errors: FieldError[] = [];
  if (sendInitialEvents === null) {
    if (match !== '') {
      errors.push(
        forbiddenField(
          'resourceVersionMatch',
          'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
        ),
      );
    }
  } else if (match !== 'NotOlderThan') {
    errors.push(
      forbiddenField(
        'resourceVersionMatch',
        'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      ),
    );
  }
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  return isTrue(query, 'sendInitialEvents');
}
