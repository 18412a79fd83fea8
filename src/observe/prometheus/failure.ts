/** Why a query gave no number; telemetry counts by it. */
export const prometheusFailureTypes = [
  /** The token or the CA cannot be read. */
  'Credentials',
  /** Nothing answers at the address, or the connection broke, or TLS failed. */
  'Unreachable',
  'Timeout',
  /** Another status than 200, a redirect too; or the server says that the query failed. */
  'Refused',
  'TooLarge',
  /** Not an answer of Prometheus' HTTP API. */
  'Malformed',
  /** The server says that data may be missing. */
  'Warning',
  /** A result that is no scalar and no vector, or a vector of histograms. */
  'WrongType',
  'Empty',
  'SeveralSeries',
  /** NaN or infinite. */
  'NotFinite',
  'Negative',
] as const;

export type PrometheusFailureType = (typeof prometheusFailureTypes)[number];

/** A query that gave no number. */
export class PrometheusFailure extends Error {
  override readonly name = 'PrometheusFailure';
  readonly type: PrometheusFailureType;

  constructor(type: PrometheusFailureType, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.type = type;
  }
}
