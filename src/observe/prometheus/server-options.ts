/** A Prometheus server, or what speaks its HTTP API (Thanos, Mimir, VictoriaMetrics), as the operator was started with it. */
export interface PrometheusServerOptions {
  /** What `spec.metrics[].prometheus.server` calls it. */
  readonly name: string;
  /** http or https, without user, query and fragment; a path is kept: `https://thanos.example/tenant-1`. */
  readonly url: string;
  /** PEM file of the authorities that its certificate is checked by, instead of those that Node has. Read again when it changes. */
  readonly caFile?: string;
  /** File with a bearer token. Read again when it changes. */
  readonly tokenFile?: string;
}
