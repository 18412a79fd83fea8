/**
 * What every source of metrics is held to. Each also has connections of its own (`CallOptions.pool`), so that one that does not
 * answer keeps no other waiting.
 */
export interface SourceLimits {
  /** Deadline of one question, in milliseconds: above 0. */
  readonly timeoutMs: number;
}
