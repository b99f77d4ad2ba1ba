#!/bin/sh
# push-artifacts.sh REGISTRY REVISION CLUSTER...
# Renders the config in this folder and pushes each cluster's part of it as an OCI artifact of its own, REGISTRY/CLUSTER.
# scale.md explains it. KANIFLUX (default: the installed package) and FLUX name the programs, SOURCE the repository, FLUX_ARGS what `flux push` needs beside.
set -eu
registry=$1 revision=$2
shift 2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
# More than one are rendered at once: reading a long config costs more than rendering it.
only=
[ $# -ne 1 ] || only=--cluster=$1
${KANIFLUX:-npx --no-install kaniflux} synth --quiet $only --output "$out/dist"
# What Flux applies, and nothing that nodes and people read. Nothing is pushed before all are there.
for cluster in "$@"; do
  [ -d "$out/dist/clusters/$cluster" ] || { echo "there is no cluster \`$cluster\` in the config" >&2; exit 2; }
  mkdir -p "$out/pushed/$cluster/clusters" "$out/pushed/$cluster/flux"
  mv "$out/dist/clusters/$cluster" "$out/pushed/$cluster/clusters/"
  mv "$out/dist/flux/$cluster.yaml" "$out/pushed/$cluster/flux/"
done
for cluster in "$@"; do
  ${FLUX:-flux} push artifact "oci://$registry/$cluster:latest" ${FLUX_ARGS:-} \
    --path="$out/pushed/$cluster" --source="${SOURCE:-unknown}" --revision="$revision"
done
