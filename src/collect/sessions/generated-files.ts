/**
 * Files that a program writes and nobody reads: their lines would drown those that somebody wrote. By name alone, as GitHub's
 * linguist knows them; what a repository marks itself is not asked for.
 */
const names: ReadonlySet<string> = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb', 'deno.lock'],
  ...['Cargo.lock', 'go.sum', 'go.work.sum', 'poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock', 'Gemfile.lock'],
  ...[
    'composer.lock',
    'flake.lock',
    'mix.lock',
    'pubspec.lock',
    'Podfile.lock',
    'packages.lock.json',
    'gradle.lockfile',
  ],
  ...['Package.resolved', '.terraform.lock.hcl', 'MODULE.bazel.lock', 'Cartfile.resolved'],
])

const endings =
  /(?:\.pb\.(?:go|cc|h|gw\.go)|_pb2(?:_grpc)?\.pyi?|\.pb\.dart|_pb\.(?:js|ts|rb)|_grpc_pb\.(?:js|ts)|\.g\.dart|\.freezed\.dart|\.Designer\.cs|\.min\.(?:js|css)|\.snap|\.(?:js|css)\.map|_generated\.go|\.gen\.(?:go|ts)|zz_generated\.[\w.-]+\.go)$/

const folders = /(?:^|\/)(?:vendor|node_modules|third_party|__snapshots__|__generated__)\//

/** `path` is from the root of the repository, with `/`. */
export function isGenerated(path: string): boolean {
  return names.has(path.slice(path.lastIndexOf('/') + 1)) || endings.test(path) || folders.test(path)
}
