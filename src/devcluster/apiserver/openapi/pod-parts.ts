/** Volumes, placement and status of pods in io.k8s.api.core.v1, in the language of definitions.ts. */
export const podParts = `
VolumeDevice: A volume as a device.
  devicePath! string Where the container sees it.
  name! string The volume.
VolumeMount: A volume as a directory.
  mountPath! string Where the container sees it.
  mountPropagation string Whether mounts inside it are seen outside.
  name! string The volume.
  readOnly bool Whether it is read-only.
  recursiveReadOnly string Whether what is mounted inside it is read-only as well.
  subPath string A path inside the volume.
  subPathExpr string A path inside the volume, with $(NAME) replaced.
Volume: A volume that containers can mount; one source is set.
  awsElasticBlockStore any No longer used.
  azureDisk any No longer used.
  azureFile any No longer used.
  cephfs any No longer used.
  cinder any No longer used.
  configMap ConfigMapVolumeSource The keys of a ConfigMap as files.
  csi any A volume of a storage driver.
  downwardAPI DownwardAPIVolumeSource Fields of the pod as files.
  emptyDir EmptyDirVolumeSource A directory that lives as long as the pod.
  ephemeral any A claim that lives as long as the pod.
  fc any A Fibre Channel disk.
  flexVolume any No longer used.
  flocker any No longer used.
  gcePersistentDisk any No longer used.
  gitRepo any No longer used.
  glusterfs any No longer used.
  hostPath HostPathVolumeSource A directory or file of the node.
  image ImageVolumeSource The content of an image.
  iscsi any An iSCSI disk.
  name! string The name, unique in the pod.
  nfs NFSVolumeSource A directory of an NFS server.
  persistentVolumeClaim PersistentVolumeClaimVolumeSource A claim of storage.
  photonPersistentDisk any No longer used.
  portworxVolume any No longer used.
  projected ProjectedVolumeSource Several sources in one directory.
  quobyte any No longer used.
  rbd any No longer used.
  scaleIO any No longer used.
  secret SecretVolumeSource The keys of a Secret as files.
  storageos any No longer used.
  vsphereVolume any No longer used.
ConfigMapVolumeSource: The keys of a ConfigMap as files.
  defaultMode int32 Mode of the files.
  items []KeyToPath Which keys; all where empty.
  name string The ConfigMap.
  optional bool Whether it may be missing.
SecretVolumeSource: The keys of a Secret as files.
  defaultMode int32 Mode of the files.
  items []KeyToPath Which keys; all where empty.
  optional bool Whether it may be missing.
  secretName string The Secret.
KeyToPath: A key and its file.
  key! string The key.
  mode int32 Mode of the file.
  path! string The file.
DownwardAPIVolumeSource: Fields of the pod as files.
  defaultMode int32 Mode of the files.
  items []DownwardAPIVolumeFile The files.
DownwardAPIVolumeFile: A field of the pod as a file.
  fieldRef ObjectFieldSelector The field.
  mode int32 Mode of the file.
  path! string The file.
  resourceFieldRef ResourceFieldSelector The resource of a container.
EmptyDirVolumeSource: A directory that lives as long as the pod.
  medium string Memory keeps it in memory.
  sizeLimit quantity The most that it may hold.
HostPathVolumeSource: A directory or file of the node.
  path! string The path on the node.
  type string What must be there, such as Directory or File.
ImageVolumeSource: The content of an image.
  pullPolicy string When the image is pulled.
  reference string The image.
NFSVolumeSource: A directory of an NFS server.
  path! string The directory.
  readOnly bool Whether it is read-only.
  server! string The server.
PersistentVolumeClaimVolumeSource: A claim of storage.
  claimName! string The claim.
  readOnly bool Whether it is read-only.
ProjectedVolumeSource: Several sources in one directory.
  defaultMode int32 Mode of the files.
  sources []VolumeProjection The sources.
VolumeProjection: A source of a projected volume; one field is set.
  clusterTrustBundle ClusterTrustBundleProjection Certificates that the cluster trusts.
  configMap ConfigMapProjection Keys of a ConfigMap.
  downwardAPI DownwardAPIProjection Fields of the pod.
  podCertificate PodCertificateProjection A certificate of the pod.
  secret SecretProjection Keys of a Secret.
  serviceAccountToken ServiceAccountTokenProjection A token of the service account.
ClusterTrustBundleProjection: Certificates that the cluster trusts.
  labelSelector LabelSelector Which bundles of the signer.
  name string The bundle.
  optional bool Whether it may be missing.
  path! string The file.
  signerName string The signer.
ConfigMapProjection: Keys of a ConfigMap.
  items []KeyToPath Which keys; all where empty.
  name string The ConfigMap.
  optional bool Whether it may be missing.
DownwardAPIProjection: Fields of the pod.
  items []DownwardAPIVolumeFile The files.
PodCertificateProjection: A certificate of the pod.
  certificateChainPath string The file of the certificates.
  credentialBundlePath string The file of both.
  keyPath string The file of the key.
  keyType! string The type of the key.
  maxExpirationSeconds int32 The longest that it may be valid.
  signerName! string The signer.
  userAnnotations map<string> Passed on to the signer.
SecretProjection: Keys of a Secret.
  items []KeyToPath Which keys; all where empty.
  name string The Secret.
  optional bool Whether it may be missing.
ServiceAccountTokenProjection: A token of the service account.
  audience string Whom it is for.
  expirationSeconds int64 How long it is valid.
  path! string The file.
Affinity: What a pod should be near to or far from.
  nodeAffinity NodeAffinity Nodes.
  podAffinity PodAffinity Pods to be near to.
  podAntiAffinity PodAntiAffinity Pods to be far from.
NodeAffinity: Which nodes.
  preferredDuringSchedulingIgnoredDuringExecution []PreferredSchedulingTerm Better these.
  requiredDuringSchedulingIgnoredDuringExecution NodeSelector Only these.
PreferredSchedulingTerm: Nodes that are better.
  preference! NodeSelectorTerm Which nodes.
  weight! int32 By how much, 1 to 100.
NodeSelector: Nodes; one of the terms must hold.
  nodeSelectorTerms! []NodeSelectorTerm The terms.
NodeSelectorTerm: Nodes; all requirements must hold.
  matchExpressions []NodeSelectorRequirement Requirements on labels.
  matchFields []NodeSelectorRequirement Requirements on fields.
NodeSelectorRequirement: A requirement on one label or field.
  key! string The label or field.
  operator! string In, NotIn, Exists, DoesNotExist, Gt or Lt.
  values []string The values.
PodAffinity: Pods to be near to.
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm Better near these.
  requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm Only near these.
PodAntiAffinity: Pods to be far from.
  preferredDuringSchedulingIgnoredDuringExecution []WeightedPodAffinityTerm Better not near these.
  requiredDuringSchedulingIgnoredDuringExecution []PodAffinityTerm Never near these.
WeightedPodAffinityTerm: Pods, and how much they count.
  podAffinityTerm! PodAffinityTerm Which pods.
  weight! int32 How much, 1 to 100.
PodAffinityTerm: Pods, and what near means.
  labelSelector LabelSelector Which pods.
  matchLabelKeys []string Labels in which they must be like this pod.
  mismatchLabelKeys []string Labels in which they must be unlike this pod.
  namespaceSelector LabelSelector In which namespaces, by label.
  namespaces []string In which namespaces, by name.
  topologyKey! string The label of nodes whose same value means near.
Toleration: A taint that does not keep a pod away.
  effect string The effect of the taint; any where empty.
  key string The key of the taint; any where empty.
  operator string Equal or Exists.
  tolerationSeconds int64 How long it is tolerated.
  value string The value of the taint.
TopologySpreadConstraint: How pods are spread.
  labelSelector LabelSelector Which pods are counted.
  matchLabelKeys []string Labels in which counted pods must be like this pod.
  maxSkew! int32 How uneven it may be.
  minDomains int32 Over how many domains at least.
  nodeAffinityPolicy string Whether nodes that the pod cannot use count.
  nodeTaintsPolicy string Whether nodes with taints count.
  topologyKey! string The label of nodes that makes the domains.
  whenUnsatisfiable! string What happens otherwise: DoNotSchedule or ScheduleAnyway.
PodStatus: What is known of a pod.
  allocatedResources map<quantity> What the node has set aside for it.
  conditions []PodCondition @type Aspects of its state.
  containerStatuses []ContainerStatus What is known of the containers.
  ephemeralContainerStatuses []ContainerStatus What is known of the ephemeral containers.
  extendedResourceClaimStatus PodExtendedResourceClaimStatus The claim made for extended resources.
  hostIP string The address of the node.
  hostIPs []HostIP @ip The addresses of the node.
  initContainerStatuses []ContainerStatus What is known of the init containers.
  message string Why it is so, in words.
  nodeAllocatableResourceClaimStatuses []NodeAllocatableResourceClaimStatus Resources of the node that claims take.
  nominatedNodeName string The node that is being cleared for it.
  observedGeneration int64 The generation that this is about.
  phase string Pending, Running, Succeeded, Failed or Unknown.
  podIP string Its address.
  podIPs []PodIP @ip Its addresses.
  qosClass string Guaranteed, Burstable or BestEffort.
  reason string Why it is so, in one word.
  resize string Where a change of its resources stands.
  resourceClaimStatuses []PodResourceClaimStatus @name What is known of its claims.
  resources ResourceRequirements Resources of the pod as a whole.
  startTime time When the node took it.
PodCondition: One aspect of a pod's state.
  lastProbeTime time When it was last looked at.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  observedGeneration int64 The generation that it is about.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Which aspect.
PodIP: An address of a pod.
  ip! string The address.
HostIP: An address of a node.
  ip! string The address.
PodResourceClaimStatus: What is known of a claim.
  name! string Its name in the pod.
  resourceClaimName string The claim.
PodExtendedResourceClaimStatus: A claim made for extended resources.
  requestMappings! []ContainerExtendedResourceRequest Which container asked for what.
  resourceClaimName! string The claim.
ContainerExtendedResourceRequest: What a container asked for.
  containerName! string The container.
  requestName! string The request in the claim.
  resourceName! string The resource.
NodeAllocatableResourceClaimStatus: Resources of the node that a claim takes.
  containers []string The containers that use the claim.
  resourceClaimName! string The claim.
  resources map<quantity> The resources.
ContainerStatus: What is known of a container.
  allocatedResources map<quantity> What the node has set aside for it.
  allocatedResourcesStatus []ResourceStatus @name Health of its devices.
  containerID string Its id in the runtime.
  image! string The image.
  imageID! string The id of the image.
  lastState ContainerState How it ended last.
  name! string The container.
  ready! bool Whether it is ready.
  resources ResourceRequirements The resources that it runs with.
  restartCount! int32 How often it was restarted.
  started bool Whether it has started.
  state ContainerState What it does now.
  stopSignal string The signal that tells it to end.
  user ContainerUser The user of its first process.
  volumeMounts []VolumeMountStatus @mountPath What is known of its mounts.
ContainerState: What a container does; one field is set.
  running ContainerStateRunning It runs.
  terminated ContainerStateTerminated It has ended.
  waiting ContainerStateWaiting It waits to start.
ContainerStateRunning: A container that runs.
  startedAt time Since when.
ContainerStateTerminated: A container that has ended.
  containerID string Its id in the runtime.
  exitCode! int32 Its exit code.
  finishedAt time When it ended.
  message string Why, in words.
  reason string Why, in one word.
  signal int32 The signal that ended it.
  startedAt time When it started.
ContainerStateWaiting: A container that waits to start.
  message string Why, in words.
  reason string Why, in one word.
ContainerUser: The user of a process.
  linux LinuxContainerUser On Linux.
LinuxContainerUser: The user of a process on Linux.
  gid! int64 The group id.
  supplementalGroups []int64 Further groups.
  uid! int64 The user id.
VolumeMountStatus: What is known of a mount.
  mountPath! string Where it is.
  name! string The volume.
  readOnly bool Whether it is read-only.
  recursiveReadOnly string Whether what is mounted inside it is read-only as well.
  volumeStatus any What is known of the volume.
ResourceStatus: Health of devices.
  name! string The resource.
  resources []ResourceHealth @resourceID Each device.
ResourceHealth: Health of a device.
  health string Healthy, Unhealthy or Unknown.
  message string Why, in words.
  resourceID! string The device.
`;
