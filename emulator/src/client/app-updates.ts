import type { MiniProgramPackage } from '../protocol.ts'

/** `downloading`, `ready` and `failed`: WeChat has a newer version than the one that runs. */
export type UpdatePhase = 'newest' | 'downloading' | 'ready' | 'failed'

/** A newer version on its way to one phone, from its publication until a cold start runs it. */
export class AppUpdates {
  private current: UpdatePhase = 'newest'
  private next: MiniProgramPackage | undefined
  private readonly watchers = new Set<(phase: UpdatePhase) => void>()
  /** Counts downloads: only the last one's end matters. */
  private turn = 0

  constructor(private readonly download: () => Promise<MiniProgramPackage>) {}

  get phase(): UpdatePhase {
    return this.current
  }

  /** WeChat loads it by itself; nobody has to ask. */
  offer(): void {
    const turn = ++this.turn
    this.enter('downloading')
    this.download().then(
      (next) => {
        if (turn !== this.turn) return
        this.next = next
        this.enter('ready')
      },
      () => {
        if (turn === this.turn) this.enter('failed')
      },
    )
  }

  /** What a cold start runs. A download that failed is tried again by it. */
  packageForLaunch(running: MiniProgramPackage): MiniProgramPackage {
    if (this.current === 'failed') this.offer()
    if (!this.next) return running
    const { next } = this
    this.next = undefined
    this.current = 'newest'
    return next
  }

  /** Returns what ends the watching. */
  watch(watcher: (phase: UpdatePhase) => void): () => void {
    this.watchers.add(watcher)
    return () => this.watchers.delete(watcher)
  }

  private enter(phase: UpdatePhase): void {
    this.current = phase
    this.watchers.forEach((watcher) => watcher(phase))
  }
}
