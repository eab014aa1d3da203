/** Strict DER: the encodings that X.690 allows and no other, and no other error than DerError whatever the bytes. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DerError,
  bitsOf,
  booleanOf,
  childAt,
  childrenOf,
  contextTag,
  encode,
  integerOf,
  oidOf,
  readDer,
  tags,
  timeOf,
  unsignedOf,
} from '../../../src/sigstore/verify/asn1.ts'
import { limits } from '../../../src/model/limits.ts'
import { runs } from '../../world/runs.ts'
import type { Element } from '../../../src/sigstore/verify/asn1.ts'
import { oidDer } from '../../world/own-certificates.ts'

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('an element', () => {
  it.each([
    ['the empty sequence', '30 00', 0],
    ['a short length', '30 03 02 01 05', 3],
    ['a length of one octet', `30 81 80 ${'00'.repeat(128)}`, 128],
    ['a length of two octets', `30 82 01 00 ${'00'.repeat(256)}`, 256],
  ])('may have %s', (_, text, length) => {
    expect(readDer(hex(text)).content).toHaveLength(length)
  })

  it.each([
    ['nothing', ''],
    ['no length', '30'],
    ['an indefinite length (BER)', '30 80 00 00'],
    ['a length longer than it needs', '30 81 7f' + '00'.repeat(127)],
    ['a length with a zero in front', `30 82 00 80 ${'00'.repeat(128)}`],
    ['a length of five octets', '30 85 00 00 00 00 01 00'],
    ['the reserved length', '30 ff 00'],
    ['less than its length', '30 03 02 01'],
    ['bytes after its end', '30 00 00'],
    ['another tag', '31 00'],
    ['a tag of several octets', '3f 81 00'],
  ])('must not have %s', (_, text) => {
    expect(() => readDer(hex(text))).toThrow(DerError)
  })

  it('keeps its own bytes, as a view', () => {
    const bytes = hex('30 05 02 01 05 05 00')
    const whole = readDer(bytes)
    expect(whole.bytes.buffer).toBe(bytes.buffer)
    expect(childrenOf(whole).map((it) => it.bytes.toString('hex'))).toEqual(['020105', '0500'])
    expect(() => childAt(childrenOf(whole), 2, tags.integer)).toThrow(DerError)
    expect(() => childAt(childrenOf(whole), 1, tags.integer)).toThrow(DerError)
  })

  it('has a bounded number of children, and no more are made', () => {
    const nulls = (count: number): Buffer => encode(tags.sequence, Buffer.alloc(2 * count, Buffer.of(5, 0)))
    expect(childrenOf(readDer(nulls(limits.derElements)))).toHaveLength(limits.derElements)
    expect(() => childrenOf(readDer(nulls(limits.derElements + 1)))).toThrow(DerError)
  })

  it('has children only up to its own end', () => {
    expect(() => childrenOf(readDer(hex('30 03 02 05 01')))).toThrow(DerError)
  })
})

describe('values', () => {
  const of = <T>(read: (element: Element) => T, text: string, tag?: number): T => read(readDer(hex(text), tag))

  it('a boolean has two encodings', () => {
    expect([of(booleanOf, '01 01 ff', tags.boolean), of(booleanOf, '01 01 00', tags.boolean)]).toEqual([true, false])
    for (const text of ['01 01 01', '01 00', '01 02 ff ff']) {
      expect(() => of(booleanOf, text, tags.boolean)).toThrow(DerError)
    }
  })

  it('an integer is small, not negative and minimal', () => {
    expect([of(integerOf, '02 01 00', 2), of(integerOf, '02 02 00 80', 2)]).toEqual([0, 128])
    for (const text of ['02 00', '02 01 80', '02 02 00 7f', '02 07 01 00 00 00 00 00 00']) {
      expect(() => of(integerOf, text, 2)).toThrow(DerError)
    }
  })

  it('a serial number is of any size, not negative and minimal', () => {
    expect(of(unsignedOf, '02 03 00 80 01', 2)).toEqual(hex('008001'))
    expect(of(unsignedOf, '02 01 00', 2)).toEqual(hex('00'))
    for (const text of ['02 00', '02 01 80', '02 02 ff 00', '02 02 00 7f']) {
      expect(() => of(unsignedOf, text, 2)).toThrow(DerError)
    }
  })

  it('a bit string has whole octets', () => {
    expect(of(bitsOf, '03 02 00 aa', 3)).toEqual(hex('aa'))
    for (const text of ['03 00', '03 02 01 aa']) expect(() => of(bitsOf, text, 3)).toThrow(DerError)
  })

  it('an object identifier', () => {
    expect(of(oidOf, '06 09 2b 06 01 04 01 83 bf 30 08', tags.oid)).toBe('1.3.6.1.4.1.57264.8')
    expect(of(oidOf, '06 03 88 37 03', tags.oid)).toBe('2.999.3')
    // empty, cut, with a leading zero digit, beyond what a number holds
    for (const text of ['06 00', '06 01 86', '06 02 80 01', '06 0a 2a ff ff ff ff ff ff ff ff 7f']) {
      expect(() => of(oidOf, text, tags.oid)).toThrow(DerError)
    }
  })

  it('any object identifier comes back', () => {
    const arcs = fc.tuple(fc.integer({ min: 0, max: 1 }), fc.nat(39), fc.array(fc.nat(2 ** 31 - 1), { maxLength: 8 }))
    fc.assert(
      fc.property(arcs, ([first, second, rest]) => {
        const text = [first, second, ...rest].join('.')
        expect(oidOf(readDer(oidDer(text), tags.oid))).toBe(text)
      }),
    )
  })

  const time = (tag: number, text: string): string => timeOf(readDer(encode(tag, Buffer.from(text)), tag)).toISOString()

  it('a time', () => {
    expect(time(tags.utcTime, '491231235959Z')).toBe('2049-12-31T23:59:59.000Z')
    expect(time(tags.utcTime, '500101000000Z')).toBe('1950-01-01T00:00:00.000Z')
    expect(time(tags.generalizedTime, '20240229120000Z')).toBe('2024-02-29T12:00:00.000Z')
    expect(time(tags.generalizedTime, '20240229120000.5Z')).toBe('2024-02-29T12:00:00.500Z')
    expect(time(tags.generalizedTime, '20240229120000.123456Z')).toBe('2024-02-29T12:00:00.123Z')
  })

  it.each([
    [tags.utcTime, '2401010000Z'],
    [tags.utcTime, '240101000000+0100'],
    [tags.generalizedTime, '20240101000000'],
    [tags.generalizedTime, '20240230000000Z'],
    [tags.generalizedTime, '20230229000000Z'],
    [tags.generalizedTime, '20240101240000Z'],
    [tags.generalizedTime, '20241301000000Z'],
    [tags.generalizedTime, '20240101000060Z'],
    [tags.generalizedTime, '20240101000000,5Z'],
    [tags.generalizedTime, '20240101000000.Z'],
    [tags.octetString, '20240101000000Z'],
  ])('no time: tag %i %s', (tag, text) => {
    expect(() => time(tag, text)).toThrow(DerError)
  })
})

describe('whatever the bytes', () => {
  const readers: readonly ((element: Element) => unknown)[] = [childrenOf, oidOf, timeOf, integerOf, booleanOf, bitsOf]
  const onlyDerError = (run: () => unknown): void => {
    try {
      run()
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(DerError)
    }
  }

  it('a reader answers or throws a DerError', () => {
    const tag = fc.constantFrom(...Object.values(tags), contextTag(0), contextTag(3, 'primitive'))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), tag, (bytes, tagByte) => {
        onlyDerError(() => readDer(bytes))
        const element = readDer(encode(tagByte, bytes), tagByte)
        for (const read of readers) onlyDerError(() => read(element))
      }),
      { numRuns: runs(500) },
    )
  })

  it('what is encoded is read as it was', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (parts) => {
        const whole = readDer(encode(tags.sequence, ...parts.map((it) => encode(tags.octetString, it))))
        expect(childrenOf(whole).map((it) => [...it.content])).toEqual(parts.map((it) => [...it]))
      }),
    )
  })
})
