/** Letters that HTML has names for: those of Latin-1, in their order from U+00A0, and some more that stand in names and around them. Pure. */

const latin1 =
  `nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot
cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc
Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring
aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml
yacute thorn yuml`.split(/\s+/)

const letters: ReadonlyMap<string, string> = new Map([
  ...latin1.map((name, at) => [name, String.fromCharCode(0xa0 + at)] as const),
  ...Object.entries({
    ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", lsquo: '\u2018', rsquo: '\u2019', ndash: '\u2013' },
    ...{ mdash: '\u2014', zwj: '\u200D', zwnj: '\u200C', OElig: '\u0152', oelig: '\u0153', Yuml: '\u0178' },
    ...{ Scaron: '\u0160', scaron: '\u0161', Zcaron: '\u017D', zcaron: '\u017E', Ccaron: '\u010C', ccaron: '\u010D' },
    ...{ Cacute: '\u0106', cacute: '\u0107', Lstrok: '\u0141', lstrok: '\u0142', Nacute: '\u0143', nacute: '\u0144' },
  }),
])

export function entityNamed(name: string): string | undefined {
  return letters.get(name)
}
