/** How a Scale is named in messages and discovery. */
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' } as const;
