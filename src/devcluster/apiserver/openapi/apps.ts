/** The workloads, in the language of definitions.ts, by package. */
export const apps: Readonly<Record<string, string>> = {
  'io.k8s.api.apps.v1': `
kind Deployment: Keeps a number of like pods running and replaces them when the template changes.
  spec DeploymentSpec What is wanted.
  status DeploymentStatus What is.
DeploymentSpec: What is wanted of a deployment.
  minReadySeconds int32 How long a pod must be ready to be available.
  paused bool Whether changes of the template wait.
  progressDeadlineSeconds int32 After how long without progress it counts as stuck.
  replicas int32 How many pods; 1 where absent.
  revisionHistoryLimit int32 How many old ReplicaSets are kept.
  selector! LabelSelector Which pods are its own. Cannot change.
  strategy DeploymentStrategy How pods are replaced.
  template! PodTemplateSpec What pods are made from.
DeploymentStrategy: How pods are replaced.
  rollingUpdate RollingUpdateDeployment How many at a time, of type RollingUpdate.
  type string RollingUpdate or Recreate.
RollingUpdateDeployment: How many pods are replaced at a time.
  maxSurge intOrString How many more than wanted there may be, as a number or percentage.
  maxUnavailable intOrString How many fewer may be available, as a number or percentage.
DeploymentStatus: What is known of a deployment.
  availableReplicas int32 How many pods have been ready for long enough.
  collisionCount int32 How often the name of a ReplicaSet was taken.
  conditions []DeploymentCondition @type Aspects of its state.
  observedGeneration int64 The generation that this is about.
  readyReplicas int32 How many pods are ready.
  replicas int32 How many pods there are.
  terminatingReplicas int32 How many pods are ending.
  unavailableReplicas int32 How many pods are missing.
  updatedReplicas int32 How many pods are made from the current template.
DeploymentCondition: One aspect of a deployment's state.
  lastTransitionTime time When the status last changed.
  lastUpdateTime time When it was last said.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Available, Progressing or ReplicaFailure.
kind ReplicaSet: Keeps a number of like pods running.
  spec ReplicaSetSpec What is wanted.
  status ReplicaSetStatus What is.
ReplicaSetSpec: What is wanted of a ReplicaSet.
  minReadySeconds int32 How long a pod must be ready to be available.
  replicas int32 How many pods; 1 where absent.
  selector! LabelSelector Which pods are its own. Cannot change.
  template PodTemplateSpec What pods are made from.
ReplicaSetStatus: What is known of a ReplicaSet.
  availableReplicas int32 How many pods have been ready for long enough.
  conditions []ReplicaSetCondition @type Aspects of its state.
  fullyLabeledReplicas int32 How many pods have all labels of the template.
  observedGeneration int64 The generation that this is about.
  readyReplicas int32 How many pods are ready.
  replicas! int32 How many pods there are.
  terminatingReplicas int32 How many pods are ending.
ReplicaSetCondition: One aspect of a ReplicaSet's state.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string ReplicaFailure.
kind StatefulSet: Keeps a number of pods running that have names and storage of their own.
  spec StatefulSetSpec What is wanted.
  status StatefulSetStatus What is.
StatefulSetSpec: What is wanted of a StatefulSet.
  minReadySeconds int32 How long a pod must be ready to be available.
  ordinals StatefulSetOrdinals Where the numbers of pods start.
  persistentVolumeClaimRetentionPolicy StatefulSetPersistentVolumeClaimRetentionPolicy When claims go.
  podManagementPolicy string One after the other, or all at once: OrderedReady or Parallel.
  replicas int32 How many pods; 1 where absent.
  revisionHistoryLimit int32 How many old revisions are kept.
  selector! LabelSelector Which pods are its own. Cannot change.
  serviceName string The service that names its pods.
  template! PodTemplateSpec What pods are made from.
  updateStrategy StatefulSetUpdateStrategy How pods are replaced.
  volumeClaimTemplates []any Claims of storage that each pod gets.
StatefulSetOrdinals: Where the numbers of pods start.
  start int32 The first number.
StatefulSetPersistentVolumeClaimRetentionPolicy: When claims of storage go.
  whenDeleted string When the StatefulSet goes: Retain or Delete.
  whenScaled string When there are fewer pods: Retain or Delete.
StatefulSetUpdateStrategy: How pods are replaced.
  rollingUpdate RollingUpdateStatefulSetStrategy Which, of type RollingUpdate.
  type string RollingUpdate or OnDelete.
RollingUpdateStatefulSetStrategy: Which pods are replaced.
  maxUnavailable intOrString How many may be missing at a time.
  partition int32 From which number on.
StatefulSetStatus: What is known of a StatefulSet.
  availableReplicas int32 How many pods have been ready for long enough.
  collisionCount int32 How often the name of a revision was taken.
  conditions []StatefulSetCondition @type Aspects of its state.
  currentReplicas int32 How many pods are of the current revision.
  currentRevision string The current revision.
  observedGeneration int64 The generation that this is about.
  readyReplicas int32 How many pods are ready.
  replicas! int32 How many pods there are.
  updateRevision string The revision that comes.
  updatedReplicas int32 How many pods are of that revision.
StatefulSetCondition: One aspect of a StatefulSet's state.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Which aspect.
`,
};
