import { XMLParser } from 'fast-xml-parser'

/** The fields of a push. Every number is its text: `MsgID` is above 2^53 (wechat-platform.md §11 P16). */
export type Fields = Readonly<Record<string, unknown>>

/** A push is a kilobyte or two. What is read before its signature is known must not cost much. */
const MAX_BODY_CHARACTERS = 32 * 1024
const MAX_XML_DEPTH = 8

/**
 * The fields of a push, XML or JSON, told apart by its first character. Undefined when it is neither, too long, nested
 * too deep or begins with a document type. Entities stay as written; nothing outside the body is ever looked at.
 */
export function readFields(body: string): Fields | undefined {
  if (body.length > MAX_BODY_CHARACTERS) return undefined
  const text = body.trim()
  try {
    if (text.startsWith('{')) return asFields(JSON.parse(quoteNumbers(text)))
    if (XML_PUSH.test(text)) return asFields(asFields(xmlParser.parse(text, true))?.xml)
    return undefined
  } catch {
    return undefined
  }
}

/** `value` as fields; undefined when it is text, a list or nothing. */
export function asFields(value: unknown): Fields | undefined {
  return isFields(value) ? value : undefined
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// a document type could only stand before the root, and there it keeps the text from being a push
const XML_PUSH = /^(?:<\?xml[^<>]*\?>\s*)?<xml>/

const xmlParser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  processEntities: false,
  maxNestedTags: MAX_XML_DEPTH,
})

// strings are matched so that numbers within them are not; an unclosed one runs to the end, for a pass in linear time
const JSON_STRING_OR_NUMBER =
  /"[^"\\]*(?:\\.[^"\\]*)*"?|(?<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/gs

const quoteNumbers = (json: string) =>
  json.replace(JSON_STRING_OR_NUMBER, (token: string, number?: string) =>
    number === undefined ? token : `"${number}"`,
  )
