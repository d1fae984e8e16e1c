import { beforeEach, describe, expect, it } from 'vitest'
import { useClues } from '@/stores/clues.ts'
import { ok, refused, useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
})

describe('the list', () => {
  it('loads the first page', async () => {
    await useClues().loadList()
    expect(useClues().list).toMatchObject({ kind: 'ready', items: [{ id: '7' }] })
  })

  it('says what went wrong when there is nothing to show', async () => {
    host.backend['GET /clues'] = () => 'offline'
    await useClues().loadList()
    expect(useClues().list).toEqual({ kind: 'failed', message: '网络不通，请检查网络后重试' })
  })

  it('keeps what is on screen when a refresh fails', async () => {
    await useClues().loadList()
    host.backend['GET /clues'] = () => 'offline'
    await useClues().loadList()
    expect(useClues().list).toMatchObject({ kind: 'ready', items: [{ id: '7' }] })
  })
})

describe('one lead', () => {
  it('another person’s or a deleted one is missing, in words', async () => {
    host.backend['GET /clues/8'] = () => refused(404, '没有这条线索', 404)
    await useClues().open('8')
    expect(useClues().detail).toEqual({ kind: 'missing', message: '这条线索不存在，或已经分配给别人' })
  })

  it('a failure can be tried again', async () => {
    const works = host.backend['GET /clues/7']
    host.backend['GET /clues/7'] = () => 'timeout'
    await useClues().open('7')
    expect(useClues().detail.kind).toBe('failed')
    if (works) host.backend['GET /clues/7'] = works
    await useClues().open('7')
    expect(useClues().detail).toMatchObject({ kind: 'ready', clue: { id: '7' } })
  })

  it('a late answer to an earlier lead does not replace the one that is open', async () => {
    let answerLate = (_: unknown): void => undefined
    host.backend['GET /clues/8'] = () => new Promise((resolve) => (answerLate = resolve as never))
    const late = useClues().open('8')
    await useClues().open('7')
    answerLate(ok({ id: '8', title: '八' }))
    await late
    expect(useClues().detail).toMatchObject({ kind: 'ready', clue: { id: '7' } })
  })
})
