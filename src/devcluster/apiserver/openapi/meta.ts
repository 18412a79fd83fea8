/** io.k8s.apimachinery.pkg.apis.meta.v1, in the language of definitions.ts. */
export const meta = `
ObjectMeta: What every stored object has: its name, labels and versions.
  annotations map<string> Free text for tools and people, by key.
  creationTimestamp time When the object was created; set by the server.
  deletionGracePeriodSeconds int64 How long the object may still take to end; set by the server.
  deletionTimestamp time When the object was asked to go; set by the server.
  finalizers []string What must be done before the object goes, each entry removed by who does it.
  generateName string The start of a name that the server completes.
  generation int64 Counts the changes of what is wanted; set by the server.
  labels map<string> What the object is found by.
  managedFields []ManagedFieldsEntry Which fields each client has set.
  name string The name, unique among objects of the kind in the namespace. Cannot change.
  namespace string The namespace in which the name is unique.
  ownerReferences []OwnerReference @uid The objects that this one belongs to and goes with.
  resourceVersion string Changes with each change of the object; sent back, it guards against overwriting.
  selfLink string No longer used.
  uid string Unique in time and space; set by the server.
ManagedFieldsEntry: The fields that one client has set in one way.
  apiVersion string The version in which the fields were set.
  fieldsType string The format of fieldsV1.
  fieldsV1 any The fields, as a tree.
  manager string The client.
  operation string Apply or Update.
  subresource string The subresource through which they were set.
  time time When they were last changed.
OwnerReference: An object that another belongs to.
  apiVersion! string Version of the owner.
  blockOwnerDeletion bool Whether the owner waits for this object when it is deleted in the foreground.
  controller bool Whether the owner is the one that manages this object.
  kind! string Kind of the owner.
  name! string Name of the owner.
  uid! string UID of the owner.
LabelSelector: Selects objects by their labels; all of its parts must hold.
  matchExpressions []LabelSelectorRequirement Requirements on labels.
  matchLabels map<string> Labels that must have exactly these values.
LabelSelectorRequirement: A requirement on one label.
  key! string The label.
  operator! string In, NotIn, Exists or DoesNotExist.
  values []string The values for In and NotIn.
Condition: One aspect of an object's state.
  lastTransitionTime! time When the status last changed.
  message! string Why, in words.
  observedGeneration int64 The generation that it is about.
  reason! string Why, in one word.
  status! string True, False or Unknown.
  type! string Which aspect.
ListMeta: What lists have.
  continue string Where the next page starts.
  remainingItemCount int64 How many objects follow this page.
  resourceVersion string The version of the list, to watch from.
  selfLink string No longer used.
  shardInfo any Which part of the objects the list holds.
Status: The outcome of a request that does not answer with an object.
  apiVersion string The version of the schema, as GROUP/VERSION.
  code int32 The HTTP status.
  details StatusDetails What it is about.
  kind string Status.
  message string The outcome in words.
  metadata ListMeta What lists have.
  reason string The outcome in one word.
  status string Success or Failure.
StatusDetails: What an outcome is about.
  causes []StatusCause The single problems.
  group string API group of the object.
  kind string Kind or resource of the object.
  name string Name of the object.
  retryAfterSeconds int32 When to try again.
  uid string UID of the object.
StatusCause: A single problem.
  field string The path of the field.
  message string The problem in words.
  reason string The problem in one word.
DeleteOptions: How an object is deleted.
  apiVersion string The version of the schema, as GROUP/VERSION.
  dryRun []string All: check, and change nothing.
  gracePeriodSeconds int64 How long the object may take to end; 0 is at once.
  ignoreStoreReadErrorWithClusterBreakingPotential bool Delete also what cannot be read.
  kind string DeleteOptions.
  orphanDependents bool Use propagationPolicy.
  preconditions Preconditions What must hold.
  propagationPolicy string What happens to dependents: Orphan, Background or Foreground.
Preconditions: What must hold of an object for it to be deleted.
  resourceVersion string Its resourceVersion.
  uid string Its UID.
`;
