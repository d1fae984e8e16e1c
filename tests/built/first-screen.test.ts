import { describe, expect, it } from 'vitest'
import { useWorld } from '../story/use-world.ts'

describe('the way to the first lead', () => {
  const world = useWorld()

  it('the login page runs no code of the pages behind it', async () => {
    const phone = await world.openPhone()
    await phone.byId('captcha-image').waitFor()
    expect((await phone.loaded()).filter((file) => file.startsWith('pages/clue/'))).toEqual([])
  })

  it('between the panel and the list stands one round trip: grants and quota are not waited for', async () => {
    const phone = await world.openPhone()
    await phone.hold('POST /notify/grants')
    await phone.hold('GET /notify/quota')
    await world.login(phone)
    await phone.wechat('subscribe-panel').waitFor()
    const before = (await phone.calls('request')).length
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    const sent = (await phone.calls('request')).slice(before).map(({ arg }) => {
      return `${arg.method as string} ${new URL(arg.url as string).pathname}`
    })
    expect(sent.filter((call) => call !== 'POST /notify/grants')).toEqual(['POST /sys/login', 'GET /clues'])
  })
})
