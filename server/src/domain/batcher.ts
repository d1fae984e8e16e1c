interface Batch<T> {
  items: T[]
  done: Promise<void>
}

/**
 * Collects what arrives while the batch before is being worked off, then works all of it off at once: no waiting when
 * there is little, few statements when there is much. When a batch fails its items are worked off one by one, so that a
 * bad one fails alone.
 */
export function createBatcher<T>(work: (batch: T[]) => Promise<void>): { add(item: T): Promise<void> } {
  let next: Batch<T> | undefined
  let running: Promise<unknown> = Promise.resolve()
  return {
    async add(item) {
      next ??= start()
      const batch = next
      batch.items.push(item)
      try {
        await batch.done
      } catch (error) {
        if (batch.items.length === 1) throw error
        await work([item])
      }
    },
  }

  function start(): Batch<T> {
    const batch: Batch<T> = { items: [], done: Promise.resolve() }
    batch.done = running.then(() => {
      next = undefined
      return work(batch.items)
    })
    running = batch.done.catch(() => undefined)
    return batch
  }
}
