import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoAccounts, demoTemplates } from '../cloud/demo.ts'
import { StartError } from '../index.ts'
import { eventually } from '../testing/eventually.ts'
import { testEmulator } from '../testing/emulator.ts'
import { folderOf } from '../testing/folders.ts'
import { pushReceiver } from '../testing/receiver.ts'

const openid = demoAccounts[0]?.openid ?? ''
const templateId = demoTemplates[0]?.priTmplId ?? ''
const inAFolder = (name: string) => join(folderOf({}), name)

describe('the state file', () => {
  it('H45 pushes that wait for their next delivery survive a restart and are three in total', async () => {
    const stateFile = inAFolder('wechat.json')
    const dead = { url: 'http://127.0.0.1:1/', token: 'pushToken', mode: 'plain', format: 'json' } as const
    const first = await testEmulator({ stateFile, push: { ...dead, timeoutMs: 100_000 } })
    first.cloud.phone.refuse(openid, templateId)
    await eventually(() => first.pushes()[0]?.attempts.length).toBe(1)
    await first.close()

    const second = await testEmulator({ stateFile })
    expect(second.pushes()).toMatchObject([{ event: { kind: 'change', openid }, outcome: 'waiting' }])
    // the clock is put forward instead of waiting for it
    second.advance(100_000)
    await eventually(() => second.pushes()[0]?.attempts.length).toBe(2)
    await second.close()
    const third = await testEmulator({ stateFile })
    third.advance(100_000)
    await eventually(() => third.pushes()[0]?.attempts.length).toBe(3)
    third.advance(100_000)
    await eventually(() => third.pushes()[0]?.outcome).toBe('abandoned')
  })

  it('one that was not sent yet goes to the target that is entered after the restart', async () => {
    const stateFile = inAFolder('wechat.json')
    const { url, received } = await pushReceiver()
    const target = { url, token: 'pushToken', mode: 'plain', format: 'json' } as const
    const first = await testEmulator({ stateFile, push: { ...target, latencyMs: 100_000 } })
    first.cloud.phone.refuse(openid, templateId)
    await first.close()
    expect(readFileSync(stateFile, 'utf8')).not.toContain('pushToken')
    const second = await testEmulator({ stateFile })
    await second.setPush(target)
    second.advance(100_000)
    await second.cloud.pushesSettled()
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it('is what save() gives and restore() takes, and what GET /__desk/state gives', async () => {
    const stateFile = inAFolder('wechat.json')
    const first = await testEmulator()
    first.cloud.grant(openid, templateId, 3)
    const saved = first.save()
    writeFileSync(stateFile, JSON.stringify(saved))
    const second = await testEmulator({ stateFile })
    expect(second.quota()).toEqual({ [templateId]: 3 })
    second.cloud.grant(openid, templateId)
    second.restore(JSON.parse(JSON.stringify(saved)))
    expect(second.quota()).toEqual({ [templateId]: 3 })
    const given: unknown = await (await fetch(`${second.url}/__desk/state`)).json()
    await second.close()
    expect(JSON.parse(readFileSync(stateFile, 'utf8'))).toEqual(given)
  })

  it.each([
    ['another program’s', { name: 'x' }, /wechat\.json 不能用：这不是模拟器的存档/],
    ['another app’s', undefined, /wechat\.json 不能用：存档是 wx\w+ 的/],
  ])('%s is refused at the start by a line that names it, and is left alone', async (_, content, line) => {
    const stateFile = inAFolder('wechat.json')
    const text = JSON.stringify(content ?? (await testEmulator()).save())
    writeFileSync(stateFile, text)
    const starting = testEmulator({ stateFile, ...(content ? {} : { appid: 'wx2222222222222222' }) })
    await expect(starting).rejects.toThrow(StartError)
    await expect(starting).rejects.toThrow(line)
    expect(readFileSync(stateFile, 'utf8')).toBe(text)
  })
})

describe('the log file', () => {
  it('has a line for every call, goes on over a restart, and holds no secret', async () => {
    const logFile = inAFolder('deep/wechat.log')
    for (let run = 0; run < 2; run++) {
      const emulator = await testEmulator({ logFile })
      await emulator.accessToken()
      await emulator.close()
    }
    const text = readFileSync(logFile, 'utf8')
    expect(text.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/stable_token {2}成功/),
      expect.stringMatching(/stable_token {2}成功/),
    ])
    expect(text).not.toMatch(/80_|emulated-secret/)
  })

  it('one that cannot be written is said at the start; without one none is written', async () => {
    const file = join(folderOf({ 'a-file': '' }), 'a-file')
    const starting = testEmulator({ logFile: join(file, 'wechat.log') })
    await expect(starting).rejects.toThrow(StartError)
    await expect(starting).rejects.toThrow('logFile')
    await expect(testEmulator({ logFile: '' })).rejects.toThrow('logFile')
    const emulator = await testEmulator()
    await emulator.accessToken()
    expect(existsSync('undefined')).toBe(false)
  })
})

describe('options of the cloud', () => {
  it.each<[string, object]>([
    ['ipWhitelist', { ipWhitelist: ['localhost'] }],
    ['ipWhitelist', { ipWhitelist: '127.0.0.1' }],
    ['platform', { accounts: [{ openid, nickname: 'a', platform: 'nokia' }] }],
    ['phoneNumber', { accounts: [{ openid, nickname: 'a', phoneNumber: '1-2' }] }],
    ['latencyMs', { latencyMs: 'fast' }],
    ['dailyQuota', { profile: { dailyQuota: { nope: 1 } } }],
    ['grantCeiling', { profile: { grantCeiling: 'some' } }],
  ])('a bad %s is refused with a line that names it: %j', async (word, options) => {
    const starting = testEmulator(options)
    await expect(starting).rejects.toThrow(StartError)
    await expect(starting).rejects.toThrow(word)
  })

  it('a platform of an account is its phone’s first one; what the phone was turned to since survives', async () => {
    const stateFile = inAFolder('wechat.json')
    const accounts = [
      { openid, nickname: 'a', platform: 'ios15' as const },
      { openid: 'oSecondPhone', nickname: 'b' },
    ]
    const first = await testEmulator({ stateFile, accounts })
    expect(first.cloud.phone.all().map(({ platform }) => platform)).toEqual(['ios15', 'strict'])
    first.setPhone({ platform: 'android' })
    await first.close()
    const second = await testEmulator({ stateFile, accounts })
    expect(second.cloud.phone.state(openid).platform).toBe('android')
  })

  it('getPhoneNumber is off unless the account has a number', async () => {
    const off = await testEmulator()
    expect(await off.post('/__phone/phone-number', { openid })).toMatchObject({
      status: 503,
      json: { failure: { errMsg: 'getPhoneNumber:fail no permission' } },
    })
    const on = await testEmulator({ accounts: [{ openid, nickname: 'a', phoneNumber: '13800000000' }] })
    const { json } = await on.post('/__phone/phone-number', { openid })
    const path = `/wxa/business/getuserphonenumber?access_token=${await on.accessToken()}`
    expect((await on.post(path, json)).json).toMatchObject({ phone_info: { phoneNumber: '13800000000' } })
  })

  it('H33 wx.checkSession is asked of WeChat', async () => {
    const emulator = await testEmulator({ profile: { sessionLifeMs: 60_000 } })
    const valid = async () => (await emulator.post('/__phone/session/check', { openid })).json
    expect(await valid()).toEqual({ valid: false })
    await emulator.post('/__phone/login', { openid })
    expect(await valid()).toEqual({ valid: true })
    emulator.advance(60_000)
    expect(await valid()).toEqual({ valid: false })
  })
})
