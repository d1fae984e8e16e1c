import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { onSignals, stopWithin } from './shutdown.ts'

const never = () => new Promise<never>(() => undefined)

describe('stopping within a time', () => {
  beforeEach(() => vi.useFakeTimers())
  afterEach(() => vi.useRealTimers())

  it('stops a stage after the one before, and leaves nothing', async () => {
    const said: string[] = []
    const step = (name: string) => async () => {
      await Promise.resolve()
      said.push(name)
    }
    const stages = [
      { requests: step('requests'), deliveries: step('deliveries') },
      { database: step('database') },
    ]
    expect(await stopWithin(1000, stages)).toEqual([])
    expect(said).toEqual(['requests', 'deliveries', 'database'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('names what is not over in time, and what was never begun', async () => {
    const database = vi.fn(async () => undefined)
    const left = stopWithin(1000, [{ requests: async () => undefined, deliveries: never }, { database }])
    await vi.advanceTimersByTimeAsync(999)
    expect(database).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(await left).toEqual(['deliveries', 'database'])
  })

  it('names what fails to stop, and stops the others all the same', async () => {
    const database = vi.fn(async () => undefined)
    const failing = () => Promise.reject(new Error('no'))
    expect(await stopWithin(1000, [{ pushes: failing }, { database }])).toEqual(['pushes'])
    expect(database).toHaveBeenCalledOnce()
  })
})

describe('signals', () => {
  const listen = () => {
    const source = new EventEmitter()
    const said: string[] = []
    let time = 0
    onSignals(
      { first: (name) => said.push(`first ${name}`), second: (name) => said.push(`second ${name}`) },
      { now: () => time, source },
    )
    const send = (name: string, at: number) => {
      time = at
      source.emit(name)
    }
    return { said, send }
  }

  it('of which the second, whichever it is, ends at once', () => {
    const { said, send } = listen()
    send('SIGTERM', 0)
    send('SIGINT', 500)
    expect(said).toEqual(['first SIGTERM', 'second SIGINT'])
  })

  it('that npm and the terminal both pass on count as one', () => {
    const { said, send } = listen()
    send('SIGINT', 0)
    send('SIGINT', 3)
    send('SIGINT', 499)
    expect(said).toEqual(['first SIGINT'])
  })
})
