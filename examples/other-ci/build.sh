#!/bin/sh
# Any system that can run a program: $1 is the name of the image, without a tag.
set -eu

# A CI system checks out a commit without a branch, so name the ref that it builds.
export NIX_IMAGE_REF="${NIX_IMAGE_REF:-refs/heads/main}"
export NIX_IMAGE_DEFAULT_BRANCH=main

# The login for the registry; without these, the logins of Docker and Podman are used.
export REGISTRY_PASSWORD
npx --yes --package=nix-image-action nix-image build \
  --installable .#image --images "$1" --tags type=edge --tags type=sha \
  --username "$REGISTRY_USER" --push
