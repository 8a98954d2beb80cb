#!/usr/bin/env bash
# Programs that the tests use: Chromium, git, HAProxy, nginx, Prometheus, strace. Called by CI and by developers; needs root and Debian.
set -euo pipefail
packages=(chromium git haproxy nginx-light prometheus strace)
missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
