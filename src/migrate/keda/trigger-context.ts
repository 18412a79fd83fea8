import type { Remarks } from '../remarks.ts';
import type { ScaledObject, ScaledObjectSpec, Trigger } from './scaled-object.ts';
import { isPresent, positiveQuantity } from '../../api/checks.ts';
import type { Place } from '../../api/problems.ts';
import { parseQuantity, QuantityError, quantityToNumber } from '../../lib/quantity.ts';

/** A trigger while it is converted: its parameters are taken one by one, and what nobody took is named as not kept. */
export class TriggerContext {
  readonly trigger: Trigger;
  readonly spec: ScaledObjectSpec;
  /** Of the ScaledObject; undefined where its manifest leaves it to who applies it. */
  readonly namespace: string | undefined;
  readonly remarks: Remarks;
  readonly #place: Place;
  readonly #left: Set<string>;

  constructor(given: { trigger: Trigger; source: ScaledObject; remarks: Remarks; place: Place }) {
    this.trigger = given.trigger;
    this.spec = given.source.spec;
    const { namespace } = given.source.metadata ?? {};
    this.namespace = namespace === '' ? undefined : namespace;
    this.remarks = given.remarks;
    this.#place = given.place;
    this.#left = new Set(Object.keys(given.trigger.metadata));
  }

  /** `spec.triggers[0].metadata.query` */
  path(parameter?: string): string {
    return parameter === undefined ? this.#place.path : this.#parameter(parameter).path;
  }

  /** A parameter; undefined where it is absent or empty. */
  take(name: string): string | undefined {
    this.#left.delete(name);
    const value = this.trigger.metadata[name];
    return value === '' ? undefined : value;
  }

  /** @returns undefined where it is absent, which is then a problem */
  need(name: string, detail: string): string | undefined {
    const value = this.take(name);
    if (value === undefined) this.#parameter(name).required(detail);
    return value;
  }

  /** A number above 0, as the text that it is. */
  needQuantity(name: string): string | undefined {
    const value = this.need(name, 'must be a number above 0');
    if (value !== undefined) positiveQuantity(value.trim(), this.#parameter(name));
    return value?.trim();
  }

  needWhole(name: string, detail: string): number | undefined {
    const value = this.need(name, detail);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value.trim())) this.invalid(name, detail);
    return Number(value);
  }

  invalid(name: string, detail: string): void {
    this.#parameter(name).invalid(this.trigger.metadata[name], detail);
  }

  /** A number, 0 where it is absent or none. */
  takeNumber(name: string): number {
    const value = this.take(name);
    try {
      return value === undefined ? 0 : quantityToNumber(parseQuantity(value.trim()));
    } catch (error) {
      if (!(error instanceof QuantityError)) throw error;
      this.invalid(name, 'must be a number');
      return 0;
    }
  }

  get metricType(): string | undefined {
    return this.trigger.metricType;
  }

  unsupportedMetricType(value: string, supported: readonly string[]): void {
    const given = isPresent(this.trigger.metricType);
    (given ? this.#place.field('metricType') : this.#parameter('type')).unsupported(value, supported);
  }

  /** Names what was not taken; `reasons` has more to say of some parameters. */
  nameRest(reasons: Readonly<Record<string, string>>): void {
    for (const name of this.#left)
      this.remarks.notKept(this.path(name), reasons[name] ?? 'this parameter has no counterpart');
    const { authenticationRef, useCachedMetrics } = this.trigger;
    if (authenticationRef !== undefined)
      this.remarks.notKept(`${this.path()}.authenticationRef`, credentials);
    if (useCachedMetrics === true)
      this.remarks.notKept(`${this.path()}.useCachedMetrics`, 'each metric is read once a sync period');
  }

  #parameter(name: string): Place {
    return this.#place.field('metadata').field(name);
  }
}

export const credentials =
  'credentials belong to the operator: --prometheus-token-file NAME=FILE, --prometheus-ca NAME=FILE';
