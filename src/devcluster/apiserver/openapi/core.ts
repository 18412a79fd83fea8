/** The other kinds of io.k8s.api.core.v1, in the language of definitions.ts. */
export const core = `
kind ConfigMap: Configuration data by key.
  binaryData map<bytes> Data that is no text.
  data map<string> Data as text.
  immutable bool Whether the data may no longer change.
kind Secret: Data to keep to oneself, by key.
  data map<bytes> The data, in base64.
  immutable bool Whether the data may no longer change.
  stringData map<string> Data as text; the server puts it into data.
  type string What it is for.
kind ServiceAccount: Whom pods act as.
  automountServiceAccountToken bool Whether pods get a token.
  imagePullSecrets []LocalObjectReference Secrets for pulling images.
  secrets []ObjectReference @name Secrets that its pods may use.
LocalObjectReference: An object in the same namespace.
  name string Its name.
TypedLocalObjectReference: An object of any kind in the same namespace.
  apiGroup string Its API group.
  kind! string Its kind.
  name! string Its name.
ObjectReference: An object.
  apiVersion string Its version.
  fieldPath string A part of it.
  kind string Its kind.
  name string Its name.
  namespace string Its namespace.
  resourceVersion string Its resourceVersion.
  uid string Its UID.
kind Namespace: A space for names.
  spec NamespaceSpec What is wanted.
  status NamespaceStatus What is.
NamespaceSpec: What is wanted of a namespace.
  finalizers []string What must be done before it goes.
NamespaceStatus: What is known of a namespace.
  conditions []NamespaceCondition @type Aspects of its state.
  phase string Active or Terminating.
NamespaceCondition: One aspect of a namespace's state.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Which aspect.
kind Node: A machine that runs pods.
  spec NodeSpec What is wanted.
  status NodeStatus What is.
NodeSpec: What is wanted of a node.
  configSource any No longer used.
  externalID string No longer used.
  podCIDR string The addresses for its pods.
  podCIDRs []string The addresses for its pods.
  providerID string Its id at the provider.
  taints []Taint What keeps pods away.
  unschedulable bool Whether no new pods are assigned to it.
Taint: What keeps pods away from a node.
  effect! string NoSchedule, PreferNoSchedule or NoExecute.
  key! string Its key.
  timeAdded time Since when.
  value string Its value.
NodeStatus: What is known of a node.
  addresses []NodeAddress @type Its addresses.
  allocatable map<quantity> What pods can have.
  capacity map<quantity> What there is.
  conditions []NodeCondition @type Aspects of its state.
  config any No longer used.
  daemonEndpoints NodeDaemonEndpoints Where its daemons listen.
  declaredFeatures []string What it can do.
  features NodeFeatures What its runtime can do.
  images []ContainerImage The images that it has.
  nodeInfo NodeSystemInfo What it is.
  phase string No longer used.
  runtimeHandlers []NodeRuntimeHandler Its container runtimes.
  volumesAttached []AttachedVolume The volumes attached to it.
  volumesInUse []string The volumes in use.
NodeAddress: An address of a node.
  address! string The address.
  type! string Hostname, InternalIP, ExternalIP, InternalDNS or ExternalDNS.
NodeCondition: One aspect of a node's state.
  lastHeartbeatTime time When it was last said.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Which aspect.
NodeDaemonEndpoints: Where the daemons of a node listen.
  kubeletEndpoint DaemonEndpoint The kubelet.
DaemonEndpoint: Where a daemon listens.
  Port! int32 The port.
NodeFeatures: What a node's runtime can do.
  supplementalGroupsPolicy bool Whether it honours supplementalGroupsPolicy.
ContainerImage: An image on a node.
  names []string Its names.
  sizeBytes int64 Its size.
NodeSystemInfo: What a node is.
  architecture! string The architecture.
  bootID! string The id of this boot.
  containerRuntimeVersion! string The container runtime.
  kernelVersion! string The kernel.
  kubeProxyVersion! string No longer used.
  kubeletVersion! string The kubelet.
  machineID! string The id of the machine.
  operatingSystem! string linux or windows.
  osImage! string The operating system.
  swap any Its swap space.
  systemUUID! string The UUID of the machine.
NodeRuntimeHandler: A container runtime.
  features any What it can do.
  name string Its name.
AttachedVolume: A volume attached to a node.
  devicePath! string The device.
  name! string The volume.
kind Service: A name and an address for a set of pods.
  spec ServiceSpec What is wanted.
  status ServiceStatus What is.
ServiceSpec: What is wanted of a service.
  allocateLoadBalancerNodePorts bool Whether a LoadBalancer has ports of the node.
  clusterIP string Its address inside the cluster; None for no address.
  clusterIPs []string Its addresses inside the cluster.
  externalIPs []string Further addresses under which nodes answer.
  externalName string The name that it stands for, of type ExternalName.
  externalTrafficPolicy string Whether traffic from outside stays on its node: Cluster or Local.
  healthCheckNodePort int32 The port for checks of a balancer.
  internalTrafficPolicy string Whether traffic from inside stays on its node: Cluster or Local.
  ipFamilies []string IPv4, IPv6 or both.
  ipFamilyPolicy string SingleStack, PreferDualStack or RequireDualStack.
  loadBalancerClass string The class of balancer.
  loadBalancerIP string The address that is asked for.
  loadBalancerSourceRanges []string Who may use the balancer.
  ports []ServicePort @port The ports.
  publishNotReadyAddresses bool Whether pods that are not ready count.
  selector map<string> Labels of the pods that get its traffic.
  sessionAffinity string ClientIP keeps a client with its pod; None does not.
  sessionAffinityConfig SessionAffinityConfig For how long.
  trafficDistribution string Which pods are better: PreferClose and the like.
  type string ClusterIP, NodePort, LoadBalancer or ExternalName.
ServicePort: A port of a service.
  appProtocol string The protocol of the application.
  name string Its name; needed where there are several.
  nodePort int32 The port of every node.
  port! int32 The port of the service.
  protocol string TCP, UDP or SCTP.
  targetPort intOrString The port of the pods, by number or name; the same where absent.
SessionAffinityConfig: How long a client stays with its pod.
  clientIP ClientIPConfig By its address.
ClientIPConfig: How long a client stays with its pod, by its address.
  timeoutSeconds int32 How long.
ServiceStatus: What is known of a service.
  conditions []Condition @type Aspects of its state.
  loadBalancer LoadBalancerStatus Where the balancer answers.
LoadBalancerStatus: Where a balancer answers.
  ingress []LoadBalancerIngress Its addresses.
LoadBalancerIngress: An address of a balancer.
  hostname string A name.
  ip string An address.
  ipMode string VIP or Proxy.
  ports []PortStatus What is known of its ports.
PortStatus: What is known of a port.
  error string What is wrong.
  port! int32 The port.
  protocol! string TCP, UDP or SCTP.
kind Endpoints: The addresses behind a service; EndpointSlices have replaced them.
  subsets []EndpointSubset The addresses.
EndpointSubset: Addresses with the same ports.
  addresses []EndpointAddress Those that are ready.
  notReadyAddresses []EndpointAddress Those that are not.
  ports []EndpointPort The ports.
EndpointAddress: An address.
  hostname string Its name.
  ip! string The address.
  nodeName string The node.
  targetRef ObjectReference The pod.
EndpointPort: A port.
  appProtocol string The protocol of the application.
  name string Its name.
  port! int32 The port.
  protocol string TCP, UDP or SCTP.
kind Event: Something that happened to an object.
  action string What was done.
  count int32 How often it happened.
  eventTime microTime When it happened first.
  firstTimestamp time When it happened first.
  involvedObject! ObjectReference What it happened to.
  lastTimestamp time When it happened last.
  message string What happened, in words.
  reason string What happened, in one word.
  related ObjectReference What else was involved.
  reportingComponent string The controller that says so.
  reportingInstance string Which one of them.
  series EventSeries How it was repeated.
  source EventSource Who says so.
  type string Normal or Warning.
EventSeries: How an event was repeated.
  count int32 How often.
  lastObservedTime microTime When last.
EventSource: Who reports an event.
  component string The component.
  host string The node.
`;
