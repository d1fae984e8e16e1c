import type { Clue } from '@leadbell/contract'
import { beforeEach, describe, expect, it } from 'vitest'
import { useClueDetail } from '@/stores/clue-detail.ts'
import { useClueList } from '@/stores/clue-list.ts'
import { aClue, aDetail, ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
const present = (more: Partial<Clue>) => aClue('7', { version: 5, ...more })
const conflict = (more: Partial<Clue>) =>
  refused(409, '线索已被他人修改，请核对最新内容后再操作', 409, present(more))

beforeEach(async () => {
  host = useFakeHost({ loggedIn: true })
  await useClueList().refresh()
  await useClueDetail().open('7')
})

describe('a status', () => {
  it('is shown at once, sent with the version on screen, and settled with the backend’s', async () => {
    const setting = useClueDetail().setStatus('following')
    expect(useClueDetail()).toMatchObject({
      state: { clue: { status: 'following', version: 1 } },
      savingStatus: true,
    })
    await setting
    expect(host.sent('PUT /clues/{id}')).toEqual([{ status: 'following', version: 1 }])
    expect(useClueDetail()).toMatchObject({
      state: { clue: { status: 'following', version: 2 } },
      savingStatus: false,
    })
    expect(useClueList().find('7')).toMatchObject({ status: 'following', version: 2 })
    expect(host.toasts()).toEqual([])
  })

  it.each<[string, Reply, string]>([
    ['the network', 'offline', '没有保存：网络不通，请检查网络后重试'],
    ['a slow network', 'timeout', '没有保存：网络太慢，请求超时了，请重试'],
    ['a refusal', refused(500, '暂时不能改'), '没有保存：暂时不能改'],
  ])('is taken back when %s stands against it, and the user is told', async (_case, reply, sentence) => {
    host.backend['PUT /clues/{id}'] = () => reply
    await useClueDetail().setStatus('won')
    expect(useClueDetail()).toMatchObject({ state: { clue: { status: 'pending' } }, savingStatus: false })
    expect(useClueList().find('7')?.status).toBe('pending')
    expect(host.toasts()).toEqual([sentence])
  })

  it('that somebody else changed meanwhile: shows the present lead and says so', async () => {
    host.backend['PUT /clues/{id}'] = () => conflict({ status: 'invalid', remark: '客户停产' })
    await useClueDetail().setStatus('won')
    expect(useClueDetail().state).toMatchObject({
      clue: { status: 'invalid', remark: '客户停产', version: 5 },
    })
    expect(host.toasts()).toEqual(['没有保存：线索已被他人修改，请核对最新内容后再操作'])
    host.backend['PUT /clues/{id}'] = ({ body }) =>
      ok(present({ status: 'won', version: Number(body.version) + 1 }))
    await useClueDetail().setStatus('won')
    expect(host.sent('PUT /clues/{id}').at(-1)).toEqual({ status: 'won', version: 5 })
  })

  it('whose answer was lost had been made: there is nothing to say', async () => {
    host.backend['PUT /clues/{id}'] = () => conflict({ status: 'won' })
    await useClueDetail().setStatus('won')
    expect(useClueDetail().state).toMatchObject({ clue: { status: 'won', version: 5 } })
    expect(host.toasts()).toEqual([])
  })

  it('a conflict without a lead in it is not believed', async () => {
    host.backend['PUT /clues/{id}'] = () => refused(409, '冲突', 409, { status: 'won' })
    await useClueDetail().setStatus('won')
    expect(useClueDetail().state).toMatchObject({ clue: { status: 'pending', version: 1 } })
    expect(host.toasts()).toEqual(['没有保存：冲突'])
  })

  it('of a lead that went to somebody else: says that it is gone', async () => {
    host.backend['PUT /clues/{id}'] = () => refused(403, '这条线索已经转给其他同事', 403)
    await useClueDetail().setStatus('won')
    expect(useClueDetail().state).toMatchObject({ kind: 'gone', why: 'reassigned' })
    expect(useClueList().items).toEqual([])
    expect(host.toasts()).toEqual([])
  })

  it('is saved once, however often it is tapped, and not at all when it is the present one', async () => {
    const { setStatus } = useClueDetail()
    await Promise.all([setStatus('won'), setStatus('invalid'), setStatus('won')])
    await setStatus('won')
    expect(host.sent('PUT /clues/{id}')).toHaveLength(1)
  })

  it('settles in the list when another lead is open by then', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['PUT /clues/{id}'] = () => new Promise((resolve) => (answer = resolve))
    const setting = useClueDetail().setStatus('won')
    host.backend['GET /clues/{id}'] = () => ok(aDetail('8'))
    await useClueDetail().open('8')
    answer('offline')
    await setting
    expect(useClueDetail().state).toMatchObject({ clue: { id: '8', status: 'pending' } })
    expect(useClueList().find('7')?.status).toBe('pending')
    expect(host.toasts()).toEqual([])
  })
})
