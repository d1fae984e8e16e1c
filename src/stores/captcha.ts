import { defineStore } from 'pinia'
import { ref } from 'vue'
import { getCaptcha } from '@/api/endpoints.ts'

/** The backend forgets a picture after 60 s; five of them are for typing and travelling. */
export const CAPTCHA_USABLE_MS = 55_000

/** The picture on the login page. Each try uses one up, right or wrong. */
export const useCaptcha = defineStore('captcha', () => {
  const checkKey = ref('')
  const image = ref('')
  const state = ref<'loading' | 'ready' | 'failed'>('loading')
  let fetchedAt = 0

  async function load(): Promise<void> {
    // A key of its own for each picture: a late answer to an earlier call can then be told apart.
    const key = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 12)}`
    checkKey.value = key
    state.value = 'loading'
    const outcome = await getCaptcha(key)
    if (checkKey.value !== key) return
    state.value = outcome.ok ? 'ready' : 'failed'
    image.value = outcome.ok ? outcome.result : ''
    fetchedAt = Date.now()
  }

  const isStale = () => state.value !== 'loading' && Date.now() - fetchedAt > CAPTCHA_USABLE_MS

  return { checkKey, image, state, load, isStale }
})
