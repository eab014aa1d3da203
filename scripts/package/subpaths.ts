/** What `exports` in package.json names: `countersign/verify` is `verify`, the package itself is `index`. */
export const subpaths: readonly string[] = [
  'index',
  'verify',
  'attest',
  'gate',
  'inspect',
  'trust',
  'report',
  'store',
  'graph',
  'vouch',
  'hooks',
  'policy',
  'embedded',
]
