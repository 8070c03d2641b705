#!/bin/sh
# Builds go-ethereum from its Go module into .termin/geth, when it is not there in this version. Three to five minutes.
set -eu
cd "$(dirname "$0")/.."

version=v1.17.10
folder=$PWD/.termin/geth
[ -x "$folder/geth" ] && [ "$(cat "$folder/.version" 2>/dev/null)" = "$version" ] && exit 0

if ! command -v go >/dev/null; then
    echo "geth: Go 1.25 or newer is needed to build go-ethereum $version, and is not here" >&2
    exit 1
fi
echo "geth: go-ethereum $version into .termin/geth (three to five minutes the first time)" >&2
rm -rf "$folder"
mkdir -p "$folder/go"
trap 'rm -rf "$folder/go"' EXIT
# A checkout that is a repository itself says nothing about what is built here.
GOPATH=$folder/go GOCACHE=$folder/go/cache GOBIN=$folder GOFLAGS="-modcacherw -buildvcs=false" \
    go install "github.com/ethereum/go-ethereum/cmd/geth@$version"
echo "$version" >"$folder/.version"
