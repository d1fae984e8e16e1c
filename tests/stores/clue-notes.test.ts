import { beforeEach, describe, expect, it } from 'vitest'
import { useClueDetail } from '@/stores/clue-detail.ts'
import { noteDrafts } from '@/stores/note-drafts.ts'
import { aDetail, ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'

let host: FakeHost
const texts = () => {
  const { state } = useClueDetail()
  return state.kind === 'ready' ? state.notes?.map(({ text }) => text) : undefined
}
const sentIds = () => host.sent('POST /clues/{id}/notes').map(({ id }) => id)
const save = async (text: string) => {
  useClueDetail().write(text)
  await useClueDetail().saveNote()
}

beforeEach(async () => {
  host = useFakeHost({ loggedIn: true })
  host.backend['GET /clues/{id}'] = ({ path }) =>
    ok(
      aDetail(path.id ?? '', {
        notes: [{ id: 'note-0001', text: '旧的', author: '陈小舟', at: '2026-11-22T02:00:00.000Z' }],
      }),
    )
  await useClueDetail().open('7')
})

describe('a note', () => {
  it('is on top at once, by its author, and the box is empty', async () => {
    useClueDetail().write(' 约了周三 ')
    const saving = useClueDetail().saveNote()
    expect(useClueDetail().state).toMatchObject({
      notes: [{ text: '约了周三', author: '陈小舟', sending: true }, {}],
    })
    expect(useClueDetail()).toMatchObject({ draft: '', savingNote: true })
    await saving
    expect(host.sent('POST /clues/{id}/notes')).toMatchObject([{ text: '约了周三' }])
    expect(texts()).toEqual(['约了周三', '旧的'])
    expect(useClueDetail().savingNote).toBe(false)
    expect(noteDrafts.textOf('7')).toBe('')
  })

  it.each<[string, Reply, string]>([
    ['the network', 'offline', '没有保存：网络不通，请检查网络后重试'],
    ['a refusal', refused(400, '内容太长', 400), '没有保存：内容太长'],
  ])('is back in the box when %s stands against it', async (_case, reply, sentence) => {
    host.backend['POST /clues/{id}/notes'] = () => reply
    await save('约了周三')
    expect(texts()).toEqual(['旧的'])
    expect(useClueDetail()).toMatchObject({ draft: '约了周三', savingNote: false })
    expect(host.toasts()).toEqual([sentence])
  })

  it('goes out under the same id when it is tried again, after a restart too', async () => {
    host.backend['POST /clues/{id}/notes'] = () => 'timeout'
    await save('约了周三')
    await useClueDetail().saveNote()
    const before = sentIds()
    host = restart(host)
    await useClueDetail().open('7')
    await useClueDetail().saveNote()
    expect(new Set([...before, ...sentIds()]).size).toBe(1)
  })

  it('that was changed goes out under another id: it is another note', async () => {
    host.backend['POST /clues/{id}/notes'] = () => 'timeout'
    await save('约了周三')
    await save('约了周四')
    expect(new Set(sentIds()).size).toBe(2)
  })

  it('the same words a second time are a second note', async () => {
    await save('没人接')
    await save('没人接')
    expect(new Set(sentIds()).size).toBe(2)
  })

  it('on its way stays on top through a refresh, and is there once', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['POST /clues/{id}/notes'] = () => new Promise((resolve) => (answer = resolve))
    useClueDetail().write('约了周三')
    const saving = useClueDetail().saveNote()
    await useClueDetail().refresh()
    expect(texts()).toEqual(['约了周三', '旧的'])
    answer(ok({ id: sentIds()[0], text: '约了周三', author: '陈小舟', at: '2026-11-23T02:00:00.000Z' }))
    await saving
    expect(texts()).toEqual(['约了周三', '旧的'])
  })

  it('is sent once, however often 保存 is tapped; an empty one never', async () => {
    useClueDetail().write('约了周三')
    const { saveNote } = useClueDetail()
    await Promise.all([saveNote(), saveNote()])
    await save('  ')
    expect(sentIds()).toHaveLength(1)
  })

  it('keeps the box closed while it is on its way', async () => {
    useClueDetail().write('约了周三')
    const saving = useClueDetail().saveNote()
    useClueDetail().write('别的')
    expect(useClueDetail().draft).toBe('')
    await saving
  })
})

describe('what was typed and not saved', () => {
  it('survives a kill with every keystroke', async () => {
    useClueDetail().write('客户说')
    host = restart(host)
    await useClueDetail().open('7')
    expect(useClueDetail().draft).toBe('客户说')
  })

  it('survives a session that expires while it is saved; the login page says why', async () => {
    host.pages = [{ route: 'pages/clue/detail', options: { id: '7' } }]
    host.backend['POST /clues/{id}/notes'] = () => refused(401, '登录已失效', 401)
    await save('约了周三')
    expect(useClueDetail().draft).toBe('约了周三')
    expect(noteDrafts.textOf('7')).toBe('约了周三')
    expect(host.toasts()).toEqual([])
    expect(host.wentTo()).toHaveLength(1)
  })

  it('belongs to its lead', async () => {
    useClueDetail().write('给七的')
    await useClueDetail().open('8')
    expect(useClueDetail().draft).toBe('')
    await useClueDetail().open('7')
    expect(useClueDetail().draft).toBe('给七的')
  })

  it('stays readable, and can be copied, when the lead went to somebody else meanwhile', async () => {
    host.backend['POST /clues/{id}/notes'] = () => refused(403, '这条线索已经转给其他同事', 403)
    await save('约了周三')
    expect(useClueDetail()).toMatchObject({ state: { kind: 'gone', why: 'reassigned' }, draft: '约了周三' })
    await host.tap(() => useClueDetail().copyDraft())
    expect(host.of('setClipboardData').map((call) => call.arg.data)).toEqual(['约了周三'])
  })

  it('that failed after another lead was opened waits with its own', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['POST /clues/{id}/notes'] = () => new Promise((resolve) => (answer = resolve))
    useClueDetail().write('给七的')
    const saving = useClueDetail().saveNote()
    await useClueDetail().open('8')
    answer('offline')
    await saving
    expect(useClueDetail().draft).toBe('')
    expect(noteDrafts.textOf('7')).toBe('给七的')
  })

  it('is kept for the last twenty leads', () => {
    for (let id = 1; id <= 25; id++) noteDrafts.keep(`lead-${id}`, '写了一半')
    expect(noteDrafts.textOf('lead-5')).toBe('')
    expect(noteDrafts.textOf('lead-6')).toBe('写了一半')
    expect(noteDrafts.textOf('lead-25')).toBe('写了一半')
  })
})
