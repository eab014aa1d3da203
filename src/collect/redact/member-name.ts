/** What a member of an object is called, where its value may be told by that alone. */

/**
 * As Kubernetes, NuGet and task definitions have it: `{"name":"DB_PASSWORD","value":"…"}`. `label` is the value of the member `name`
 * or `key` beside it.
 */
export function memberName(member: string, label: unknown): string {
  return /^value$/i.test(member) && typeof label === 'string' && /^[\w.-]{1,128}$/.test(label) ? label : member
}

/** Whether a member says what the one that is called `value` is. */
export function isLabel(member: string): boolean {
  return /^(?:name|key)$/i.test(member)
}

/** The label of an object; undefined where it has none. */
export function labelOf(members: object): unknown {
  return Object.entries(members).find(([member]) => isLabel(member))?.[1] as unknown
}
