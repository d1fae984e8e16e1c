import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { nextTick, type Component } from 'vue'
import { useLive } from '../stores/live.ts'

/** A page or component as the router would show it. No stream is opened: `change` plays an event of every topic. */
export async function open(
  component: Component,
  { path = '/', props = {} }: { path?: string; props?: Record<string, unknown> } = {},
): Promise<{ page: VueWrapper; router: Router; change: () => Promise<void> }> {
  const pinia = createPinia()
  setActivePinia(pinia)
  const heard = new Set<() => void>()
  useLive().listen = (_topics, hear) => {
    heard.add(hear)
    return () => heard.delete(hear)
  }
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [{ path: '/:any(.*)*', component: { template: '<i />' } }],
  })
  await router.push(path)
  const page = mount(component, {
    props,
    attachTo: document.body,
    global: { plugins: [pinia, router] },
  })
  await settle()
  const change = async () => {
    for (const hear of heard) hear()
    await settle()
  }
  return { page, router, change }
}

/** Until what was asked is answered and drawn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) {
    await flushPromises()
    await nextTick()
  }
}
