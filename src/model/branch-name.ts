/**
 * What the name of a branch says of the releases that are made of it: which versions come on it, or that it is the one from which
 * all others are cut. Nothing in the commits tells a branch for maintenance from the trunk that it left.
 */

/** The branch that all others leave. */
const trunk = /^(?:main|master|trunk|mainline|default|devel(?:op(?:ment)?)?|dev)$/i

/** Words around the numbers: `release/1.2`, `stable-1.x`, `REL_17_STABLE`, `maintenance/1.2.x`, `v1`, `1-3-stable`. */
const words = 'releases?|rel|maint(?:enance)?|stable|support|hotfix(?:es)?|backports?|lts|branch|line|ver(?:sion)?'
const line = new RegExp(
  `^(?:(?:${words})[-_/.]?)?v?(\\d{1,18}(?:[._-]\\d{1,18}){0,4})(?:[._-][x*]){0,3}(?:[-_.](?:${words}))?$`,
  'i',
)

export function isTrunk(branch: string): boolean {
  return trunk.test(branch)
}

/** The numbers with which the versions of a branch begin; undefined for a branch whose name says none. */
export function lineOf(branch: string): readonly string[] | undefined {
  const [, numbers] = (branch.length > 256 ? null : line.exec(branch)) ?? []
  return numbers?.split(/[._-]/).map((it) => it.replace(/^0+(?=\d)/, ''))
}
