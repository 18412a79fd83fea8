/** Something about a conversion that its reader must know: a field that means something else now, or is gone. */
export interface Remark {
  readonly kind: 'changed' | 'notKept';
  /** The field of the source: `spec.triggers[0].metadata.query`. */
  readonly path: string;
  readonly text: string;
  /** The field of the result that it is about; absent where there is none. */
  readonly at?: FieldPath;
}

/** A field of the result, by names and indexes. */
export type FieldPath = readonly (string | number)[];

/** Collects remarks in the order of the source's fields. */
export class Remarks {
  readonly all: Remark[] = [];

  changed(path: string, text: string, at?: FieldPath): void {
    this.all.push({ kind: 'changed', path, text, ...(at && { at }) });
  }

  notKept(path: string, text: string): void {
    this.all.push({ kind: 'notKept', path, text });
  }
}
