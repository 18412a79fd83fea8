import type { KubeObject } from '../../cluster-api.ts';
import { selectorFromLabelSelector } from '../../../lib/selector.ts';
import type { LabelSelectorLike } from '../../../lib/selector.ts';
import { child, children, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ageColumn, nameColumn, numberAt, orNone } from './column.ts';
import type { Column } from './column.ts';

const status = (object: KubeObject, key: string): number => numberAt(child(object, 'status'), key);
const desired = (object: KubeObject): number => numberAt(child(object, 'spec'), 'replicas');
const ready = (object: KubeObject): string => `${status(object, 'readyReplicas')}/${desired(object)}`;

function templateContainers(object: KubeObject): JsonObject[] {
  return children(child(child(child(object, 'spec'), 'template'), 'spec'), 'containers');
}

function selectorText(object: KubeObject): string {
  const selector: LabelSelectorLike = child(object, 'spec').selector ?? {};
  return orNone(selectorFromLabelSelector(selector).toString());
}

const containersColumn: Column = {
  name: 'Containers',
  description: 'The containers of the template.',
  isWide: true,
  cell: (object) =>
    templateContainers(object)
      .map((each) => stringAt(each, 'name'))
      .join(','),
};
const imagesColumn: Column = {
  name: 'Images',
  description: 'The images of these containers.',
  isWide: true,
  cell: (object) =>
    templateContainers(object)
      .map((each) => stringAt(each, 'image'))
      .join(','),
};
const selectorColumn: Column = {
  name: 'Selector',
  description: 'Which pods belong to it.',
  isWide: true,
  cell: selectorText,
};

export const deploymentColumns: readonly Column[] = [
  nameColumn,
  { name: 'Ready', description: 'How many pods are ready, of how many are wanted.', cell: ready },
  {
    name: 'Up-to-date',
    description: 'How many pods are made from the current template.',
    cell: (object) => status(object, 'updatedReplicas'),
  },
  {
    name: 'Available',
    description: 'How many pods have been ready for long enough.',
    cell: (object) => status(object, 'availableReplicas'),
  },
  ageColumn,
  containersColumn,
  imagesColumn,
  selectorColumn,
];

export const replicaSetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Desired', type: 'integer', description: 'How many pods are wanted.', cell: desired },
  {
    name: 'Current',
    type: 'integer',
    description: 'How many pods there are.',
    cell: (object) => status(object, 'replicas'),
  },
  {
    name: 'Ready',
    type: 'integer',
    description: 'How many of them are ready.',
    cell: (object) => status(object, 'readyReplicas'),
  },
  ageColumn,
  containersColumn,
  imagesColumn,
  selectorColumn,
];

export const statefulSetColumns: readonly Column[] = [
  nameColumn,
  { name: 'Ready', description: 'How many pods are ready, of how many are wanted.', cell: ready },
  ageColumn,
  containersColumn,
  imagesColumn,
];

export const scaleColumns: readonly Column[] = [
  { ...nameColumn, format: '' },
  { name: 'Desired', type: 'integer', description: 'How many replicas are wanted.', cell: desired },
  {
    name: 'Available',
    type: 'integer',
    description: 'How many replicas there are.',
    cell: (object) => status(object, 'replicas'),
  },
  ageColumn,
];
