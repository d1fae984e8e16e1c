import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { h } from 'vue'
import App from '@/App.vue'
import { useNetwork } from '@/stores/network.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { fire } from '../fakes/uni-app.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost()
  // In a mini-program the app itself shows nothing.
  mount({ ...App, render: () => h('view') })
})

describe('the app', () => {
  it('follows the network and offers new versions from its start', async () => {
    await fire('onLaunch', {})
    host.network = 'none'
    host.offerUpdate()
    await host.settled()
    expect(useNetwork().online).toBe(false)
    expect(host.of('showModal').map((call) => call.arg.title)).toEqual(['有新版本'])
  })

  it('a page that a newer version no longer has: the list', async () => {
    await fire('onPageNotFound', { path: 'pages/old/old', query: {}, isEntryPage: true })
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it.each([
    ['onError', 'TypeError: 13800000000\n    at open (clue.js:1:234)'],
    ['onUnhandledRejection', { reason: new Error('13800000000'), promise: null }],
  ])('%s: logged, without the message', async (hook, error) => {
    await fire(hook, error)
    expect(host.of('log').map((call) => call.arg.event)).toEqual(['uncaught'])
    expect(JSON.stringify(host.of('log'))).not.toContain('13800000000')
  })
})
