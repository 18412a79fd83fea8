// Controlplane is etcd, kube-apiserver and kube-controller-manager of a Kubernetes release in one program, from their Go modules:
// the first argument says which one it is, the others are that program's own flags.
package main

import (
	"fmt"
	"io"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
)

// folderVariable names the folder that all parts share; the last one standing takes it away.
const folderVariable = "CONTROLPLANE_FOLDER"

func main() {
	if len(os.Args) < 2 {
		fail("say which part to be: etcd, kube-apiserver or kube-controller-manager")
	}
	part := os.Args[1]
	os.Args = os.Args[1:]
	go endWithStarter()
	switch part {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(apiserver.NewAPIServerCommand()))
	case "kube-controller-manager":
		os.Exit(cli.Run(controllermanager.NewControllerManagerCommand()))
	default:
		fail(fmt.Sprintf("no part is named %q; there are etcd, kube-apiserver and kube-controller-manager", part))
	}
}

// endWithStarter ends this process when standard input does: then whoever started it is gone, however it went.
func endWithStarter() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	if folder := os.Getenv(folderVariable); folder != "" {
		_ = os.RemoveAll(folder)
	}
	os.Exit(1)
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "controlplane: "+message)
	os.Exit(2)
}
