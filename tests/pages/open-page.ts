import { mount, type VueWrapper } from '@vue/test-utils'
import type { Component } from 'vue'
import type { FakeHost } from '../fakes/host.ts'
import { fire } from '../fakes/uni-app.ts'

/** A page as the host opens it: mounted, loaded with its query, shown; and everything that follows from that. */
export async function openPage(
  host: FakeHost,
  component: Component,
  route: string,
  query: Record<string, string> = {},
): Promise<VueWrapper> {
  host.pages = [{ route, options: query }]
  const page = mount(component)
  await fire('onLoad', query)
  await fire('onShow')
  await host.settled()
  return page
}

/** A tap as WeChat delivers it: it bubbles, and has tap state for as long as the handlers run. */
export const tap = (host: FakeHost, page: VueWrapper, selector: string): Promise<void> =>
  host.tap(() => page.get(selector).element.dispatchEvent(new Event('tap', { bubbles: true })))

export const textsOf = (page: VueWrapper, selector: string): string[] =>
  page.findAll(selector).map((found) => found.text())
