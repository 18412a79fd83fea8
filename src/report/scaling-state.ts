import type { DemoSample } from './demo-result.ts';
import type { Tone } from './style.ts';

/** A state as people see it: a word, a shape and a colour that say the same. */
export interface ScalingState {
  readonly shape: string;
  readonly word: string;
  readonly tone: Tone;
}

/** What the autoscaler is about, from the replicas at one moment; the first that fits. */
export function scalingState(sample: DemoSample | undefined, maxReplicas: number): ScalingState {
  if (sample === undefined) return { shape: '○', word: 'starting', tone: 'dim' };
  const { desiredReplicas, readyReplicas, cpuPercent } = sample;
  if (readyReplicas === 0 && desiredReplicas > 0) return { shape: '○', word: 'starting', tone: 'dim' };
  if (desiredReplicas > readyReplicas) return { shape: '▲', word: 'scaling up', tone: 'warn' };
  if (desiredReplicas < readyReplicas) return { shape: '▼', word: 'scaling down', tone: 'accent' };
  if (cpuPercent === null) return { shape: '○', word: 'waiting for metrics', tone: 'dim' };
  if (desiredReplicas >= maxReplicas) return { shape: '■', word: 'at maximum', tone: 'warn' };
  return { shape: '●', word: 'steady', tone: 'good' };
}
