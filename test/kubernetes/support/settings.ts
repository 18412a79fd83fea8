/** The flags that decisions depend on, by the names of kube-controller-manager, which the operator knows too. */
export const hpaFlags = {
  'horizontal-pod-autoscaler-sync-period': '1s',
  'horizontal-pod-autoscaler-tolerance': '0.1',
  'horizontal-pod-autoscaler-downscale-stabilization': '4s',
  'horizontal-pod-autoscaler-cpu-initialization-period': '5m',
  'horizontal-pod-autoscaler-initial-readiness-delay': '30s',
} as const;

/** Of the API server, the controllers and the operator; HPAScaleToZero is off by default. */
export const featureGates = { HPAScaleToZero: true, HPAConfigurableTolerance: true } as const;
