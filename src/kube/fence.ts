import type { Dispatcher } from 'undici';

/**
 * A dispatcher that asks `fence` at the last moment there is: when a connection is open and free, in the same turn in which the
 * request is written to it. Whatever went by since the caller looked (waiting for a connection, a process that was stopped) counts.
 * @param fence throws when the request must not be sent; what it throws is how the request fails
 */
export function fencedDispatcher(dispatcher: Dispatcher, fence: () => void): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, behind(fence, handler)));
}

function behind(fence: () => void, handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => {
      try {
        fence();
      } catch (error) {
        controller.abort(error as Error);
        return;
      }
      handler.onRequestStart?.(controller, context);
    },
    onResponseStart: (...answer) => handler.onResponseStart?.(...answer),
    onResponseData: (...chunk) => handler.onResponseData?.(...chunk),
    onResponseEnd: (...end) => handler.onResponseEnd?.(...end),
    onResponseError: (...failure) => handler.onResponseError?.(...failure),
  };
}
