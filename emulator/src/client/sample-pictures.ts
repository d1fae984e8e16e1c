/** Pictures as a phone's album holds some, made here: PNG, so that a backend that looks at them is content. */
export interface Picture {
  name: string
  width: number
  height: number
  bytes: Uint8Array<ArrayBuffer>
}

const WIDTH = 120
const HEIGHT = 90

type Colour = readonly [red: number, green: number, blue: number]

const motifs: { name: string; from: Colour; to: Colour }[] = [
  { name: '黄昏', from: [255, 176, 96], to: [92, 60, 140] },
  { name: '海边', from: [150, 214, 236], to: [30, 110, 160] },
  { name: '草地', from: [196, 226, 120], to: [40, 130, 70] },
  { name: '雪山', from: [240, 246, 250], to: [110, 140, 175] },
]

let made: Picture[] | undefined

export const samplePictures = (): readonly Picture[] =>
  (made ??= motifs.map(({ name, from, to }) => ({
    ...{ name, width: WIDTH, height: HEIGHT },
    bytes: png(WIDTH, HEIGHT, (_, y) => mix(from, to, y / (HEIGHT - 1))),
  })))

const mix = (from: Colour, to: Colour, part: number): Colour => [
  Math.round(from[0] + (to[0] - from[0]) * part),
  Math.round(from[1] + (to[1] - from[1]) * part),
  Math.round(from[2] + (to[2] - from[2]) * part),
]

/** 24 bit colours, not compressed. */
function png(width: number, height: number, colourAt: (x: number, y: number) => Colour) {
  const rows = new Uint8Array(height * (1 + width * 3))
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows.set(colourAt(x, y), y * (1 + width * 3) + 1 + x * 3)
  const header = new Uint8Array(13)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10])
  return joined(
    signature,
    chunk('IHDR', header),
    chunk('IDAT', stored(rows)),
    chunk('IEND', new Uint8Array(0)),
  )
}

/** zlib's format with blocks that are stored as they are (RFC 1950, RFC 1951). */
function stored(data: Uint8Array): Uint8Array {
  const MOST = 65535
  const parts: Uint8Array[] = [Uint8Array.from([0x78, 0x01])]
  for (let at = 0; at < data.length; at += MOST) {
    const part = data.subarray(at, at + MOST)
    const isLast = at + MOST >= data.length
    const { length } = part
    parts.push(
      Uint8Array.from([isLast ? 1 : 0, length & 255, length >> 8, ~length & 255, (~length >> 8) & 255]),
      part,
    )
  }
  let [a, b] = [1, 0]
  for (const byte of data) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return joined(...parts, bigEndian(((b << 16) | a) >>> 0))
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = joined(new TextEncoder().encode(type), data)
  return joined(bigEndian(data.length), body, bigEndian(crc(body)))
}

function crc(data: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of data) {
    value ^= byte
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  }
  return (value ^ 0xffffffff) >>> 0
}

const bigEndian = (value: number) =>
  Uint8Array.from([value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255])

function joined(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
