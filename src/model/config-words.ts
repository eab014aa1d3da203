/** What is said of an organisation's configuration wherever it was in force, in the same words. */
import { oneLine } from '../one-line.ts'
import type { ConfigInForce } from './evidence-config.ts'

/** Whoever signs may name any number of tools and readers. */
const shown = 10

/** `.countersign/config.yaml (sha256:0123456789ab) adds the tools our-agent and turns off trailer`. */
export function configWords({ path, digest, tools = [], skipped = [] }: ConfigInForce): string {
  const does = [
    ...(tools.length === 0 ? [] : [`adds the tools ${some(tools)}`]),
    ...(skipped.length === 0 ? [] : [`turns off ${some(skipped)}`]),
  ]
  const what = does.length === 0 ? 'adds no tool and turns nothing off' : does.join(' and ')
  return `${name(path)} (sha256:${name(digest.sha256).slice(0, 12)}) ${what}`
}

function some(names: readonly string[]): string {
  const rest = names.length - shown
  return `${names.slice(0, shown).map(name).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

function name(text: string): string {
  return oneLine(text.slice(0, 100))
}
