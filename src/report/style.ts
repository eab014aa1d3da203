/** How a view may look: plain when piped, coloured on a terminal. Colour is never the only carrier of a verdict. */
export interface Style {
  good(text: string): string
  bad(text: string): string
  faint(text: string): string
  strong(text: string): string
}

const asIs = (text: string): string => text

export const plainStyle: Style = { good: asIs, bad: asIs, faint: asIs, strong: asIs }
