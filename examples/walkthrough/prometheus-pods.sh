#!/bin/sh
# Writes the addresses of the walkthrough's pods, once a second, to the file that prometheus.yml reads them from. Ctrl-C ends it.
file=${1:-/tmp/walkthrough-pods.yml}
while true; do
  # Prometheus must never see half a file: the pods that are not in it would be gone.
  kubectl get pods -l app.kubernetes.io/name=walkthrough \
    -o jsonpath='- targets: [{range .items[?(@.status.podIP)]}"{.status.podIP}:8080",{end}]' >"$file.new" &&
    mv "$file.new" "$file"
  sleep 1
done
