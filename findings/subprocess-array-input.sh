#!/usr/bin/env bash
# swift-subprocess 1.0.2 (no traits), Swift 6.3.1, Linux: a child that ends before it has read its input ends the parent.
#
# Expected: `run(..., input: .array(bytes))` returns the child's status or throws the EPIPE of the write, as it does with
# `.inputWriter`. SIGPIPE is ignored, and the input is longer than a pipe holds.
#
# Seen: the write throws, the write end of the pipe is dropped without being closed, and its deinit traps:
#
#     Subprocess/Configuration.swift:1115: Fatal error: FileDescriptor FileDescriptor(rawValue: 6) was not closed
#     exit code 132 (SIGILL)
#
# Tests/TestSupport/Daemon.swift writes its input with `.inputWriter` because of this.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/Sources/probe"
cd "$folder"
cat > Package.swift <<'SWIFT'
// swift-tools-version: 6.2
import PackageDescription
let package = Package(
    name: "probe", platforms: [.macOS(.v15)],
    dependencies: [.package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2", traits: [])],
    targets: [
        .executableTarget(name: "probe", dependencies: [.product(name: "Subprocess", package: "swift-subprocess")])
    ])
SWIFT
cat > Sources/probe/main.swift <<'SWIFT'
import Subprocess
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

signal(SIGPIPE, SIG_IGN)
let input = [UInt8](repeating: 0x61, count: 1 << 20)
do {
    let result = try await Subprocess.run(
        .path("/bin/sh"), arguments: ["-c", "exit 0"], input: .array(input), output: .discarded)
    print("returned \(result.terminationStatus)")
} catch {
    print("threw \(error)")
}
SWIFT
swift build > build.log 2>&1 || { tail -5 build.log; exit 1; }
code=0
SWIFT_BACKTRACE=enable=no .build/debug/probe > output.txt 2>&1 || code=$?
head -2 output.txt
echo "exit code $code"
if [ "$code" -ne 0 ] && grep -q "was not closed" output.txt; then
    echo "as stated: the parent is ended"
else
    echo "changed: the parent lives; look at Daemon.run in Tests/TestSupport/Daemon.swift"
    exit 1
fi
