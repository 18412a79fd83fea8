/** What io.k8s.api.core.v1 says of pods and their containers, in the language of definitions.ts. */
export const podSpec = `
kind Pod: Containers that run together on one node and share its network.
  spec PodSpec What is wanted.
  status PodStatus What is.
PodTemplateSpec: What pods are made from.
  metadata ObjectMeta Labels and annotations of the pods.
  spec PodSpec What is wanted of each pod.
kind PodTemplate: A template of pods that other objects can name.
  template PodTemplateSpec The template.
PodSpec: What is wanted of a pod.
  activeDeadlineSeconds int64 How long the pod may run before it is failed.
  affinity Affinity Which nodes, and which other pods, it should be near to or far from.
  automountServiceAccountToken bool Whether containers get a token of the service account.
  containers! []Container @name The containers, at least one.
  dnsConfig PodDNSConfig Settings of name resolution beyond dnsPolicy.
  dnsPolicy string How names are resolved: ClusterFirst, ClusterFirstWithHostNet, Default or None.
  enableServiceLinks bool Whether containers get environment variables about services.
  ephemeralContainers []EphemeralContainer @name Containers added to a running pod to look into it.
  hostAliases []HostAlias @ip Further lines of the hosts file.
  hostIPC bool Share the node's inter-process communication.
  hostNetwork bool Use the node's network.
  hostPID bool See the node's processes.
  hostUsers bool Use the node's user ids.
  hostname string The host name; the pod's name where empty.
  hostnameOverride string The host name, whatever else says.
  imagePullSecrets []LocalObjectReference @name Secrets for pulling images.
  initContainers []Container @name Containers that run one after the other before the others.
  nodeName string The node; set when the pod is assigned.
  nodeSelector map<string> Labels that the node must have.
  os PodOS The operating system that the pod needs.
  overhead map<quantity> Resources that running a pod costs by itself.
  preemptionPolicy string Whether it may push out pods of lower priority: PreemptLowerPriority or Never.
  priority int32 The higher, the more important.
  priorityClassName string The class that gives the priority.
  readinessGates []PodReadinessGate Conditions that must be true for the pod to be ready.
  resourceClaims []PodResourceClaim @name Claims of devices.
  resources ResourceRequirements Resources of the pod as a whole.
  restartPolicy string When containers are started again: Always, OnFailure or Never.
  runtimeClassName string The class of container runtime.
  schedulerName string Which scheduler assigns the pod.
  schedulingGates []PodSchedulingGate @name What keeps the pod from being assigned.
  schedulingGroup PodSchedulingGroup The group of pods that is assigned together.
  securityContext PodSecurityContext Rights of all containers.
  serviceAccount string Use serviceAccountName.
  serviceAccountName string The service account that the pod acts as.
  setHostnameAsFQDN bool Use the full name as the host name.
  shareProcessNamespace bool Let the containers see each other's processes.
  subdomain string The subdomain of the host name.
  terminationGracePeriodSeconds int64 How long the containers get to end.
  tolerations []Toleration Taints of nodes that do not keep the pod away.
  topologySpreadConstraints []TopologySpreadConstraint @topologyKey How pods are spread over zones and nodes.
  volumes []Volume @name The volumes that containers can mount.
Container: A process that runs from an image.
  args []string Arguments of the command.
  command []string The command, instead of the image's own.
  env []EnvVar @name Environment variables.
  envFrom []EnvFromSource Sources of many environment variables.
  image string The image.
  imagePullPolicy string When the image is pulled: Always, IfNotPresent or Never.
  lifecycle Lifecycle What runs after the start and before the end.
  livenessProbe Probe When it fails, the container is restarted.
  name! string The name, unique in the pod.
  ports []ContainerPort @containerPort The ports on which it listens.
  readinessProbe Probe While it fails, the pod gets no traffic.
  resizePolicy []ContainerResizePolicy Whether a change of resources restarts it.
  resources ResourceRequirements The resources that it asks for and may use.
  restartPolicy string Always makes an init container a sidecar.
  restartPolicyRules []ContainerRestartRule When it is restarted, by exit code.
  securityContext SecurityContext Its rights.
  startupProbe Probe Until it succeeds, the other probes wait.
  stdin bool Keep its standard input open.
  stdinOnce bool Close the standard input after the first client.
  terminationMessagePath string The file whose content tells why it ended.
  terminationMessagePolicy string Where that is read from: File or FallbackToLogsOnError.
  tty bool Give it a terminal.
  volumeDevices []VolumeDevice @devicePath Volumes that it sees as devices.
  volumeMounts []VolumeMount @mountPath Volumes that it sees as directories.
  workingDir string Its working directory.
EphemeralContainer < Container: A container added to a running pod to look into it.
  targetContainerName string The container whose processes it sees.
EnvVar: An environment variable.
  name! string Its name.
  value string Its value; $(NAME) is replaced by another variable's.
  valueFrom EnvVarSource Where its value comes from.
EnvVarSource: Where the value of a variable comes from; one field is set.
  configMapKeyRef ConfigMapKeySelector A key of a ConfigMap.
  fieldRef ObjectFieldSelector A field of the pod.
  fileKeyRef FileKeySelector A line of a file.
  resourceFieldRef ResourceFieldSelector A resource of a container.
  secretKeyRef SecretKeySelector A key of a Secret.
ConfigMapKeySelector: A key of a ConfigMap.
  key! string The key.
  name string The ConfigMap.
  optional bool Whether it may be missing.
SecretKeySelector: A key of a Secret.
  key! string The key.
  name string The Secret.
  optional bool Whether it may be missing.
FileKeySelector: A variable in a file.
  key! string The variable.
  optional bool Whether it may be missing.
  path! string The file.
  volumeName! string The volume that has the file.
ObjectFieldSelector: A field of the pod.
  apiVersion string The version in which the field is named; v1.
  fieldPath! string The field, such as metadata.name or status.podIP.
ResourceFieldSelector: A resource of a container.
  containerName string The container.
  divisor quantity The unit in which it is given.
  resource! string The resource, such as limits.cpu.
EnvFromSource: A source of many environment variables.
  configMapRef ConfigMapEnvSource All keys of a ConfigMap.
  prefix string Put before each name.
  secretRef SecretEnvSource All keys of a Secret.
ConfigMapEnvSource: All keys of a ConfigMap.
  name string The ConfigMap.
  optional bool Whether it may be missing.
SecretEnvSource: All keys of a Secret.
  name string The Secret.
  optional bool Whether it may be missing.
ContainerPort: A port on which a container listens.
  containerPort! int32 The port of the pod's address.
  hostIP string The address of the node to bind.
  hostPort int32 The port of the node.
  name string A name that services can use.
  protocol string TCP, UDP or SCTP.
Probe: A check of a container that is repeated.
  exec ExecAction A command that exits with 0.
  failureThreshold int32 How many failures in a row count as one.
  grpc GRPCAction A gRPC health check.
  httpGet HTTPGetAction A request that is answered with 200 to 399.
  initialDelaySeconds int32 How long after the start it begins.
  periodSeconds int32 How often it runs.
  successThreshold int32 How many successes in a row count as one.
  tcpSocket TCPSocketAction A connection that is accepted.
  terminationGracePeriodSeconds int64 How long the container gets to end when it fails.
  timeoutSeconds int32 How long it may take.
ExecAction: A command inside a container.
  command []string The command and its arguments; no shell.
GRPCAction: A gRPC health check.
  port! int32 The port.
  service string The service to ask about.
HTTPGetAction: An HTTP GET request.
  host string The host; the pod's address where empty.
  httpHeaders []HTTPHeader Headers of the request.
  path string The path.
  port! intOrString The port, by number or name.
  scheme string HTTP or HTTPS.
HTTPHeader: A header of a request.
  name! string Its name.
  value! string Its value.
TCPSocketAction: A TCP connection.
  host string The host; the pod's address where empty.
  port! intOrString The port, by number or name.
SleepAction: A pause.
  seconds! int64 How long.
Lifecycle: What runs after a container's start and before its end.
  postStart LifecycleHandler Runs right after the start.
  preStop LifecycleHandler Runs before the container is told to end.
  stopSignal string The signal that tells the container to end.
LifecycleHandler: What runs; one field is set.
  exec ExecAction A command.
  httpGet HTTPGetAction A request.
  sleep SleepAction A pause.
  tcpSocket TCPSocketAction No longer used.
ContainerResizePolicy: Whether a change of a resource restarts the container.
  resourceName! string The resource.
  restartPolicy! string NotRequired or RestartContainer.
ContainerRestartRule: When a container is restarted.
  action! string Restart.
  exitCodes ContainerRestartRuleOnExitCodes Which exit codes it is about.
ContainerRestartRuleOnExitCodes: Exit codes.
  operator! string In or NotIn.
  values []int32 The codes.
ResourceRequirements: The resources that are asked for and may be used.
  claims []ResourceClaim @name Claims of devices, as named in the pod.
  limits map<quantity> The most that may be used.
  requests map<quantity> What is reserved; utilization is measured against it.
ResourceClaim: A claim of devices that is used.
  name! string Its name in the pod.
  request string Which of its requests.
Capabilities: Linux capabilities.
  add []string What is added.
  drop []string What is taken away.
SecurityContext: Rights of a container.
  allowPrivilegeEscalation bool Whether a process may gain more rights than its parent.
  appArmorProfile AppArmorProfile The AppArmor profile.
  capabilities Capabilities Linux capabilities.
  privileged bool Whether it has the rights of the node's root.
  procMount string How /proc is mounted.
  readOnlyRootFilesystem bool Whether its root file system is read-only.
  runAsGroup int64 The group id of its processes.
  runAsNonRoot bool Whether it must not run as root.
  runAsUser int64 The user id of its processes.
  seLinuxOptions SELinuxOptions The SELinux context.
  seccompProfile SeccompProfile The seccomp profile.
  windowsOptions WindowsSecurityContextOptions Settings on Windows.
PodSecurityContext: Rights of all containers of a pod.
  appArmorProfile AppArmorProfile The AppArmor profile.
  fsGroup int64 The group that owns the volumes.
  fsGroupChangePolicy string When the ownership of volumes is changed: OnRootMismatch or Always.
  runAsGroup int64 The group id of the processes.
  runAsNonRoot bool Whether they must not run as root.
  runAsUser int64 The user id of the processes.
  seLinuxChangePolicy string How volumes get their SELinux label.
  seLinuxOptions SELinuxOptions The SELinux context.
  seccompProfile SeccompProfile The seccomp profile.
  supplementalGroups []int64 Further groups of the processes.
  supplementalGroupsPolicy string Whether the groups of the image count as well.
  sysctls []Sysctl Kernel parameters.
  windowsOptions WindowsSecurityContextOptions Settings on Windows.
AppArmorProfile: An AppArmor profile.
  localhostProfile string A profile of the node.
  type! string Localhost, RuntimeDefault or Unconfined.
SeccompProfile: A seccomp profile.
  localhostProfile string A profile of the node.
  type! string Localhost, RuntimeDefault or Unconfined.
SELinuxOptions: An SELinux context.
  level string Its level.
  role string Its role.
  type string Its type.
  user string Its user.
Sysctl: A kernel parameter.
  name! string Its name.
  value! string Its value.
WindowsSecurityContextOptions: Settings on Windows.
  gmsaCredentialSpec string The credentials.
  gmsaCredentialSpecName string The name of the credentials.
  hostProcess bool Whether it runs on the host.
  runAsUserName string The user.
HostAlias: A line of the hosts file.
  hostnames []string The names.
  ip! string The address.
PodDNSConfig: Settings of name resolution.
  nameservers []string Addresses of name servers.
  options []PodDNSConfigOption Options of the resolver.
  searches []string Domains to search.
PodDNSConfigOption: An option of the resolver.
  name string Its name.
  value string Its value.
PodOS: An operating system.
  name! string linux or windows.
PodReadinessGate: A condition that readiness waits for.
  conditionType! string The condition.
PodSchedulingGate: What keeps a pod from being assigned.
  name! string Its name.
PodSchedulingGroup: The group of pods that is assigned together.
  podGroupName string The group.
PodResourceClaim: A claim of devices.
  name! string Its name in the pod.
  resourceClaimName string The claim.
  resourceClaimTemplateName string The template that a claim is made from.
`;
