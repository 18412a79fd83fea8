/**
 * A mistake in what the user gave, or a surrounding that is not as the command needs it.
 * Shown as one line, without a stack; the process ends with `exitCode`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly exitCode: number;

  /**
   * @param message names the input, its value, what is allowed and what to do
   * @param options.exitCode 2 (wrong usage or surroundings) unless said otherwise
   */
  constructor(message: string, options: { exitCode?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? 2;
  }
}

/** The message of anything that was thrown, with the messages of its causes as far as it does not tell them itself. */
export function errorMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own =
    error.message === '' && error instanceof AggregateError ? aggregateMessage(error) : error.message;
  const cause = error.cause === undefined ? '' : errorMessage(error.cause);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}

function aggregateMessage(error: AggregateError): string {
  return error.errors.map(errorMessage).join('; ');
}
