import { AdminChange, type AdminTopic } from '@leadbell/contract'
import * as v from 'valibot'

export interface ServerEvent {
  event: string
  data: string
  retry?: string
}

/** Reads a text/event-stream, event by event. */
export class EventStream {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  readonly #decoder = new TextDecoder()
  #text = ''

  constructor(readonly response: Response) {
    if (!response.body) throw new Error('a stream has a body')
    this.#reader = response.body.getReader()
  }

  /** The next event, whenever it comes; undefined when the stream is over. */
  async next(): Promise<ServerEvent | undefined> {
    let end: number
    while ((end = this.#text.indexOf('\n\n')) < 0) {
      const { done, value } = await this.#reader.read()
      if (done) return undefined
      this.#text += this.#decoder.decode(value, { stream: true })
    }
    const lines = this.#text.slice(0, end).split('\n')
    this.#text = this.#text.slice(end + 2)
    const fields = lines.map((line) => line.split(/: (.*)/s) as [string, string])
    return { event: '', data: '', ...Object.fromEntries(fields.map(([name, value]) => [name, value])) }
  }

  /** The topics of the next `change`s, until all of these were among them. */
  async heard(wanted: readonly AdminTopic[]): Promise<Set<AdminTopic>> {
    const heard = new Set<AdminTopic>()
    while (!wanted.every((topic) => heard.has(topic))) {
      const next = await this.next()
      if (!next) throw new Error(`the stream ended before it told of ${wanted.join()}`)
      if (next.event !== 'change') continue
      for (const topic of v.parse(AdminChange, JSON.parse(next.data)).topics) heard.add(topic)
    }
    return heard
  }

  /** The name of every event that is left. */
  async rest(): Promise<string[]> {
    const names: string[] = []
    for (let next = await this.next(); next; next = await this.next()) names.push(next.event)
    return names
  }

  /** Goes away, as a page that is closed. */
  close(): Promise<void> {
    return this.#reader.cancel()
  }
}
