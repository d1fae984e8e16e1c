import { beforeEach, describe, expect, it } from 'vitest'
import { useAbout } from '@/stores/about.ts'
import { logUncaught, watchHost } from '@/stores/app.ts'
import { useNetwork } from '@/stores/network.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
})

describe('the network', () => {
  it('is known when the app starts, and followed from then on', async () => {
    host.network = 'none'
    watchHost()
    await host.settled()
    expect(useNetwork().online).toBe(false)
    host.network = '4g'
    expect(useNetwork().online).toBe(true)
    host.network = 'none'
    expect(useNetwork().online).toBe(false)
  })
})

describe('a new version', () => {
  beforeEach(() => {
    watchHost()
  })

  it('is offered when WeChat has loaded it, and 重启 restarts into it', async () => {
    host.modals.push('confirm')
    host.offerUpdate()
    await host.settled()
    expect(host.of('showModal')[0]?.arg).toMatchObject({
      title: '有新版本',
      confirmText: '重启',
      cancelText: '稍后',
    })
    expect(host.of('applyUpdate')).toHaveLength(1)
  })

  it('稍后 leaves the user alone', async () => {
    host.offerUpdate()
    await host.settled()
    expect(host.of('applyUpdate')).toEqual([])
  })

  it('a WeChat without update manager starts all the same', () => {
    host.uni.getUpdateManager = undefined
    expect(watchHost).not.toThrow()
  })
})

describe('an error nobody caught', () => {
  const logged = () => JSON.stringify(host.of('log').map((call) => call.arg))
  const SECRET = '13800000000'

  it('is logged with where it happened', () => {
    const error = new TypeError('x is not a function')
    error.stack =
      'TypeError: x is not a function\n    at open (pages/clue/clue.js:1:234)\n    at HTMLElement.<anonymous> (vendor.js:1:2)'
    logUncaught(error)
    expect(host.of('log')[0]?.arg).toMatchObject({ event: 'uncaught' })
    expect(logged()).toContain('pages/clue/clue.js:1:234')
    expect(logged()).toContain('vendor.js:1:2')
  })

  it('as phones with another engine write it, too', () => {
    const error = new Error(SECRET)
    error.stack = 'open@https://lib/pages/clue/clue.js:1:234\nglobal code@https://lib/vendor.js:1:2'
    logUncaught(error)
    expect(logged()).toContain('clue.js:1:234')
    expect(logged()).toContain('vendor.js:1:2')
  })

  it.each<[string, unknown]>([
    ['an error', new Error(`no ${SECRET}`)],
    ['an error of several lines', new Error(`no\n${SECRET}\n${SECRET}`)],
    ['a text', SECRET],
    [
      'what WeChat hands over',
      `MiniProgramError\nno ${SECRET}\nError: no ${SECRET}\n    at open (clue.js:1:2)`,
    ],
    ['an object', { errMsg: SECRET }],
    ['nothing', undefined],
  ])('%s: without its message, which may quote what a user typed', (_case, error) => {
    logUncaught(error)
    expect(host.of('log')).toHaveLength(1)
    expect(logged()).not.toContain(SECRET)
  })
})

describe('about the mini-program', () => {
  it.each([
    [{ version: '1.2.0', envVersion: 'release' }, '1.2.0 正式版'],
    [{ version: '', envVersion: 'trial' }, '体验版'],
    [{ version: '', envVersion: 'develop' }, '开发版'],
    [{ version: '', envVersion: 'new kind' }, ''],
  ])('%o is called %s', (version, words) => {
    host.version = version
    expect(useAbout().version).toBe(words)
  })

  it('opens WeChat’s page with the privacy agreement, or says where it is', async () => {
    useAbout().openPrivacy()
    await host.settled()
    expect(host.toasts()).toEqual([])
    host.privacyContract = 'fails'
    useAbout().openPrivacy()
    await host.settled()
    host.uni.openPrivacyContract = undefined
    useAbout().openPrivacy()
    expect(host.toasts()).toHaveLength(2)
  })
})
