/** Places in the configuration, and refusals that name them. */
import { CountersignError } from '../../errors.ts'
import { configPath } from '../../model/evidence-config.ts'
import type { Place } from '../../model/yaml/place.ts'

/** Error `config-malformed` at a place of the file. */
export function malformed(place: Place | undefined, reason: string): CountersignError {
  return new CountersignError('config-malformed', `${placeWords(place)}: ${reason}`)
}

/** `.countersign/config.yaml:3:7`. */
export function placeWords(place: Place | undefined): string {
  return place === undefined ? configPath : `${configPath}:${place.line}:${place.col}`
}
