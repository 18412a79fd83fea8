/** The kinds of the other groups, in the language of definitions.ts, by package. */
export const others: Readonly<Record<string, string>> = {
  'io.k8s.api.events.v1': `
kind Event: Something that happened to an object.
  action string What was done.
  deprecatedCount int32 How often it happened, as v1 has it.
  deprecatedFirstTimestamp time When it happened first, as v1 has it.
  deprecatedLastTimestamp time When it happened last, as v1 has it.
  deprecatedSource EventSource Who says so, as v1 has it.
  eventTime! microTime When it happened first.
  note string What happened, in words.
  reason string What happened, in one word.
  regarding ObjectReference What it happened to.
  related ObjectReference What else was involved.
  reportingController string The controller that says so.
  reportingInstance string Which one of them.
  series EventSeries How it was repeated.
  type string Normal or Warning.
EventSeries: How an event was repeated.
  count! int32 How often.
  lastObservedTime! microTime When last.
`,
  'io.k8s.api.coordination.v1': `
kind Lease: Who may do something alone, and until when.
  spec LeaseSpec Who, and until when.
LeaseSpec: Who holds a lease, and until when.
  acquireTime microTime Since when.
  holderIdentity string Who.
  leaseDurationSeconds int32 How long after renewTime others must wait.
  leaseTransitions int32 How often it changed hands.
  preferredHolder string Who should have it.
  renewTime microTime When it was last renewed.
  strategy string How the holder is chosen.
`,
  'io.k8s.api.discovery.v1': `
kind EndpointSlice: Addresses behind a service.
  addressType! string IPv4, IPv6 or FQDN.
  endpoints []Endpoint The addresses.
  ports []EndpointPort The ports of every address.
Endpoint: A pod behind a service.
  addresses! []string Its addresses.
  conditions EndpointConditions What state it is in.
  deprecatedTopology map<string> No longer used.
  hints EndpointHints Who should use it.
  hostname string Its name.
  nodeName string The node.
  targetRef ObjectReference The pod.
  zone string The zone.
EndpointConditions: What state a pod behind a service is in.
  ready bool Whether it gets new connections.
  serving bool Whether it answers.
  terminating bool Whether it is ending.
EndpointHints: Who should use an address.
  forNodes []ForNode Nodes.
  forZones []ForZone Zones.
ForNode: A node.
  name! string Its name.
ForZone: A zone.
  name! string Its name.
EndpointPort: A port.
  appProtocol string The protocol of the application.
  name string Its name.
  port int32 The port.
  protocol string TCP, UDP or SCTP.
`,
  'io.k8s.api.networking.v1': `
kind Ingress: Sends HTTP requests to services, by host and path.
  spec IngressSpec What is wanted.
  status IngressStatus What is.
IngressSpec: Where requests are sent.
  defaultBackend IngressBackend Where those go that no rule takes.
  ingressClassName string The class of controller that serves it.
  rules []IngressRule The rules.
  tls []IngressTLS Certificates for HTTPS.
IngressBackend: Where requests are sent; one field is set.
  resource TypedLocalObjectReference An object.
  service IngressServiceBackend A service.
IngressServiceBackend: A service.
  name! string Its name.
  port ServiceBackendPort Its port.
ServiceBackendPort: A port of a service; one field is set.
  name string By name.
  number int32 By number.
IngressRule: Where the requests for a host are sent.
  host string The host; any where empty.
  http HTTPIngressRuleValue By path.
HTTPIngressRuleValue: Where requests are sent by path.
  paths! []HTTPIngressPath The paths.
HTTPIngressPath: Where the requests for a path are sent.
  backend! IngressBackend Where.
  path string The path.
  pathType! string How it is compared: Exact, Prefix or ImplementationSpecific.
IngressTLS: A certificate for HTTPS.
  hosts []string The hosts.
  secretName string The Secret that has it.
IngressStatus: What is known of an Ingress.
  loadBalancer IngressLoadBalancerStatus Where it answers.
IngressLoadBalancerStatus: Where an Ingress answers.
  ingress []IngressLoadBalancerIngress Its addresses.
IngressLoadBalancerIngress: An address of an Ingress.
  hostname string A name.
  ip string An address.
  ports []IngressPortStatus What is known of its ports.
IngressPortStatus: What is known of a port.
  error string What is wrong.
  port! int32 The port.
  protocol! string TCP, UDP or SCTP.
`,
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': `
kind APIService: A group in one version that another server serves.
  spec APIServiceSpec What is wanted.
  status APIServiceStatus What is.
APIServiceSpec: Which group and version, and who serves it.
  caBundle bytes Certificates that the server's is checked with.
  group string The API group.
  groupPriorityMinimum! int32 How early the group comes in discovery.
  insecureSkipTLSVerify bool Whether the server's certificate is not checked.
  service ServiceReference The service that leads to the server.
  version string The version.
  versionPriority! int32 How early the version comes in its group.
ServiceReference: A service.
  name string Its name.
  namespace string Its namespace.
  port int32 Its port, 443 by default.
APIServiceStatus: What is known of it.
  conditions []APIServiceCondition @type Whether it is available.
APIServiceCondition: What is known of one aspect.
  lastTransitionTime time Since when.
  message string Why, in words.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string The aspect.
`,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': `
kind CustomResourceDefinition: A kind of object that is added to the API.
  spec! CustomResourceDefinitionSpec What is wanted.
  status CustomResourceDefinitionStatus What is.
CustomResourceDefinitionSpec: What a custom kind is.
  conversion CustomResourceConversion How objects are converted between versions.
  group! string The API group.
  names! CustomResourceDefinitionNames The names.
  preserveUnknownFields bool No longer used.
  scope! string Namespaced or Cluster.
  versions! []CustomResourceDefinitionVersion The versions.
CustomResourceConversion: How objects are converted between versions.
  strategy! string None or Webhook.
  webhook WebhookConversion The webhook.
WebhookConversion: A webhook that converts objects.
  clientConfig any How it is reached.
  conversionReviewVersions! []string The versions of reviews that it knows.
CustomResourceDefinitionNames: The names of a kind.
  categories []string Groups of kinds that it belongs to, such as all.
  kind! string The kind, in CamelCase.
  listKind string The kind of its lists.
  plural! string The plural, in lower case.
  shortNames []string Short names.
  singular string The singular, in lower case.
CustomResourceDefinitionVersion: A version of a kind.
  additionalPrinterColumns []CustomResourceColumnDefinition What is printed of it.
  deprecated bool Whether clients are warned.
  deprecationWarning string How they are warned.
  name! string The version.
  schema CustomResourceValidation What its objects look like.
  selectableFields []SelectableField What field selectors may use.
  served! bool Whether it is served.
  storage! bool Whether objects are stored in it.
  subresources CustomResourceSubresources Its subresources.
CustomResourceColumnDefinition: A column that is printed.
  description string What it shows.
  format string The format of the type.
  jsonPath! string Where it is read from.
  name! string Its name.
  priority int32 Above 0: with -o wide only.
  type! string integer, number, string, boolean or date.
CustomResourceValidation: What objects look like.
  openAPIV3Schema any Their schema.
SelectableField: What field selectors may use.
  jsonPath! string The field.
CustomResourceSubresources: Subresources.
  scale CustomResourceSubresourceScale Where the replica counts are.
  status any Whether status is a subresource.
CustomResourceSubresourceScale: Where the replica counts are.
  labelSelectorPath string Where the query for the pods is.
  specReplicasPath! string Where the wanted count is.
  statusReplicasPath! string Where the actual count is.
CustomResourceDefinitionStatus: What is known of a custom kind.
  acceptedNames CustomResourceDefinitionNames The names that it has got.
  conditions []CustomResourceDefinitionCondition @type Aspects of its state.
  observedGeneration int64 The generation that this is about.
  storedVersions []string The versions in which objects may be stored.
CustomResourceDefinitionCondition: One aspect of a custom kind's state.
  lastTransitionTime time When the status last changed.
  message string Why, in words.
  observedGeneration int64 The generation that it is about.
  reason string Why, in one word.
  status! string True, False or Unknown.
  type! string Established, NamesAccepted or Terminating.
`,
  'io.k8s.metrics.pkg.apis.metrics.v1beta1': `
kind PodMetrics: What the containers of a pod use.
  containers! []ContainerMetrics What each container uses.
  timestamp! time The end of the time that was measured.
  window! string How long was measured.
ContainerMetrics: What a container uses.
  name! string The container.
  usage! map<quantity> What it uses, by resource.
kind NodeMetrics: What a node uses.
  timestamp! time The end of the time that was measured.
  usage! map<quantity> What it uses, by resource.
  window! string How long was measured.
`,
};
