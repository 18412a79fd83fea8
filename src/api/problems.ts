/** One thing that is wrong with an object, worded as the API server words it. */
export interface Problem {
  /** `spec.metrics[0].resource.target.averageValue` */
  readonly path: string;
  /** The whole line, path included: `spec.maxReplicas: Invalid value: 0: must be greater than 0`. */
  readonly message: string;
  /** What was given; absent where nothing was, or where it is the presence that is wrong. */
  readonly value?: unknown;
}

/** The path of the whole object, which stands before no field. */
export const root = 'object';

/** Where a value stands in the object, and the list that its problems go to. */
export class Place {
  readonly path: string;
  readonly #problems: Problem[];

  constructor(path: string, problems: Problem[]) {
    this.path = path;
    this.#problems = problems;
  }

  field(name: string): Place {
    return new Place(this.path === root ? name : `${this.path}.${name}`, this.#problems);
  }

  item(index: number): Place {
    return new Place(`${this.path}[${index}]`, this.#problems);
  }

  required(detail: string): void {
    this.#problems.push({ path: this.path, message: `${this.path}: Required value: ${detail}` });
  }

  forbidden(detail: string): void {
    this.#problems.push({ path: this.path, message: `${this.path}: Forbidden: ${detail}` });
  }

  invalid(value: unknown, detail: string): void {
    this.#problems.push({
      path: this.path,
      message: `${this.path}: Invalid value: ${JSON.stringify(value)}: ${detail}`,
      value,
    });
  }

  duplicate(value: unknown): void {
    this.#problems.push({
      path: this.path,
      message: `${this.path}: Duplicate value: ${JSON.stringify(value)}`,
      value,
    });
  }

  unsupported(value: string, supported: readonly string[]): void {
    const list = supported.map((one) => JSON.stringify(one)).join(', ');
    this.#problems.push({
      path: this.path,
      message: `${this.path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
      value,
    });
  }
}
