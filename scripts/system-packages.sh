#!/usr/bin/env bash
# Programs that the tests use: Chromium, git, HAProxy, nginx, Prometheus, strace, test runners. Called by CI and by developers; needs root and Debian.
set -euo pipefail
packages=(chromium git haproxy nginx-light prometheus strace)
# Test runners whose reports are read; Rust comes with rustup, or here.
packages+=(golang-go phpunit python3-pytest ruby-rspec)
command -v cargo >/dev/null || packages+=(cargo)
missing=()
for package in "${packages[@]}"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi
