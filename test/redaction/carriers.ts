/** Where secrets stand: each carrier makes a text in which one is planted. */
import type { Kind } from './planted-kinds.ts'

export interface Carrier {
  readonly name: string
  readonly plant: (value: string, called: string) => string
  /** What the value stands in as a text of its own, such as a whole line of a log. */
  readonly takesWhole?: true
  /** What somebody reads in what is left of it, where it is encoded. */
  readonly reads?: (text: string) => string
}

const bytesOf = (value: string): readonly number[] => [...Buffer.from(value)]
const percentEncoded = (value: string): string =>
  bytesOf(value)
    .map((it) => `%${it.toString(16).padStart(2, '0')}`)
    .join('')

/** What is said of a kind whose form alone is to tell that it is a secret. */
const plain = 'APP_VALUE'

const plainCarriers: readonly Carrier[] = [
  { name: 'environment', plant: (value, called) => `PATH=/usr/bin\n${called}=${value}\nLANG=C` },
  { name: 'shell', plant: (value, called) => `export ${called}='${value}' && ./deploy.sh --region eu-west-1` },
  { name: 'JSON', plant: (value, called) => JSON.stringify({ port: 8080, [called]: value, on: true }) },
  {
    name: 'JSON in JSON',
    plant: (value, called) => JSON.stringify({ out: JSON.stringify({ [called]: value }) }),
    takesWhole: true,
  },
  {
    name: 'YAML',
    plant: (value, called) => `services:\n  app:\n    environment:\n      ${called}: ${value}\n    ports: [80]`,
  },
  {
    name: 'header',
    plant: (value, called) => `curl -s -H "X-${called.replaceAll('_', '-')}: ${value}" https://api.example.net/v1`,
  },
  {
    name: 'address',
    plant: (value, called) => `GET https://api.example.net/v1/items?${called.toLowerCase()}=${value}&page=2`,
  },
  { name: 'code', plant: (value, called) => `const ${called} = "${value}"; // see the handbook` },
  {
    name: 'log',
    plant: (value, called) => `2027-01-02T03:04:05Z INFO start ${called}=${value} took 12ms`,
    takesWhole: true,
  },
]

const encodedCarriers: readonly Carrier[] = [
  {
    name: 'address in an address',
    plant: (value, called) =>
      `GET /login?next=${encodeURIComponent(`https://api.example.net/?${called.toLowerCase()}=${value}`)}&page=2`,
    takesWhole: true,
    reads: (text) =>
      text.replaceAll(/%([0-9a-f]{2})/gi, (_, it: string) => String.fromCharCode(Number.parseInt(it, 16))),
  },
  {
    name: 'percent signs',
    plant: (value, called) => `curl https://api.example.net/v1 -d '${called}=${percentEncoded(value)}&on=1'`,
    takesWhole: true,
    reads: (text) =>
      text.replaceAll(/%([0-9a-f]{2})/gi, (_, it: string) => String.fromCharCode(Number.parseInt(it, 16))),
  },
  {
    name: 'entities of HTML',
    plant: (value, called) =>
      `<tr><td>${called}</td></tr><pre>${called}=${bytesOf(value)
        .map((it) => `&#${String(it)};`)
        .join('')}</pre>`,
    takesWhole: true,
    reads: (text) => text.replaceAll(/&#(\d+);/g, (_, it: string) => String.fromCharCode(Number(it))),
  },
  {
    name: 'hex',
    plant: (value, called) => `payload: ${Buffer.from(`${called}=${value}\n`).toString('hex')} (48 bytes)`,
    takesWhole: true,
    reads: (text) =>
      text.replaceAll(/(?:[0-9a-f]{2})+/g, (it) => (it.length < 4 ? it : Buffer.from(it, 'hex').toString('latin1'))),
  },
]

export const carriers = [...plainCarriers, ...encodedCarriers]

/** The text in which a kind stands in a carrier; undefined where it cannot. */
export function planted(
  { whole, named }: Kind,
  value: string,
  { plant, takesWhole, name }: Carrier,
): string | undefined {
  if (whole === true) {
    if (name === 'environment') return `before\n${value}\nafter`
    if (name === 'JSON in JSON') return JSON.stringify({ out: JSON.stringify({ text: value }) })
    if (encodedCarriers.some((it) => it.name === name)) return plant(value, 'text')
    return takesWhole === undefined ? undefined : `the log says\n${value}`
  }
  return plant(value, named ?? plain)
}
