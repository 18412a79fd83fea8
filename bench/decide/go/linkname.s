// Lets peer.go declare a function without a body: its body is Kubernetes' own.
