// What somebody writes who wants to break the page, or only copied it from somewhere: each text must be seen as the text it
// is, in its place, and nothing may come of it.

/** Marks that stack: a letter with thousands of them is one character to a reader. */
const mark = '\u0489\u030b\u0323\u0348'

/** Overrides and embeddings that are never ended, and isolates that were never begun. */
const turnings = '\u202e\u202d\u202b\u202a\u2067\u2066\u2069\u200f'

/** Each runs a script, or leads away, where a text is taken for HTML, for an attribute or for an address. */
export const scripts: readonly string[] = [
  '<script>hit = 1</script>',
  '<img src=x onerror="hit = 2">',
  '"><svg onload=hit=3>',
  '<iframe srcdoc="<script>parent.hit=4</script>"></iframe>',
  '<a href="javascript:hit=5">a link</a>',
  '</span></article><style>* { display: none }</style>',
  "javascript:hit=6 JaVaScRiPt:hit=7 data:text/html,<script>hit=8</script> vbscript:x 'onmouseover='hit=9",
  '{{constructor.constructor("hit=10")()}} ${hit=11} <!-- --> ]]> &lt;b&gt; &#x202e;',
]

/** Each pushes at the edges of its place. */
export const shapes: Readonly<Record<string, string>> = {
  'one word of the largest size': 'W'.repeat(16_384),
  'marks upon marks': `Z${mark.repeat(1_500)} and after`,
  'marks in every letter': 'a pile of marks in each letter'.replace(/./gu, letter => letter + mark.repeat(4)),
  'a thousand lines': Array.from({ length: 1_000 }, (_, line) => `${line}`).join('\n'),
  controls: 'a\u0001b\u0007c\u001b[31md\u007fe\u0085f\rg\u2028h\u2029i\tj',
  'nothing that is seen': '\u200b\u2060\ufeff\u00ad',
  families: '👩‍👩‍👧‍👦🏳️‍🌈👨🏽‍🦳'.repeat(40),
  'half a sequence': '\u200d👩\u200d \ufe0f\u20e3 🇺 🏻 \u{e0067}\u{e0062}\u{e007f}',
  'turned around': `${turnings}gnp.exe ${turnings}`,
  'an address without an end': `https://example.org/${'a'.repeat(8_000)}`,
  'wide letters': '﷽'.repeat(200),
}

/** Addresses that are not what they look like, with where a click may lead: undefined where it may lead nowhere. */
export const addresses: readonly { readonly written: string; readonly leadsTo: string | undefined }[] = [
  { written: 'https://bank.example@evil.example/in', leadsTo: undefined },
  { written: 'https://bank.example:443@evil.example/', leadsTo: undefined },
  { written: 'www.bank.example@evil.example', leadsTo: undefined },
  { written: 'https://user:secret@example.org/', leadsTo: undefined },
  { written: 'https://example.org\\@evil.example/', leadsTo: 'https://example.org/' },
  { written: 'https://example.org/\u202egpj.exe', leadsTo: 'https://example.org/' },
  { written: '\u202ehttps://example.org/moc.elgoog', leadsTo: 'https://example.org/moc.elgoog' },
  { written: 'https://exam\u200bple.org/', leadsTo: 'https://exam/' },
  { written: 'https://\u0430pple.example/', leadsTo: undefined },
  { written: 'https://\u0430\u0440\u0440\u04cf\u0435.example/', leadsTo: 'https://xn--80ak6aa92e.example/' },
  { written: 'http://0x7f000001/', leadsTo: 'http://127.0.0.1/' },
  { written: 'https://example.org/"onclick="hit=12', leadsTo: 'https://example.org/' },
]

/** A name and a topic at the limit of what the server takes. */
export const hostileName = `Z${mark.repeat(7)}`
export const hostileTopic = `<b>topic</b> ${turnings} ${'long'.repeat(200)}`
export const hostileLabel = `<script>hit=13</script>\n${turnings}${'W'.repeat(32)}`
