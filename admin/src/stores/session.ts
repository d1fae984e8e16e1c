import type { Endpoints, LoginResult, UserInfo } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { call, linkSession } from '../api/call.ts'
import { forbidden, SESSION_OVER, type Outcome } from '../api/outcome.ts'

const KEY = 'leadbell.admin.session'

interface Kept {
  token: string
  user: UserInfo
}

/** Who works here. Kept in localStorage, so that every tab of the browser is the same clerk. */
export const useSession = defineStore('session', () => {
  const kept = ref<Kept | null>(read())
  /** Why the last session ended, when the clerk did not end it. */
  const endedBecause = ref('')

  const user = computed(() => kept.value?.user ?? null)
  const token = computed(() => kept.value?.token ?? '')
  const isAdmin = computed(() => user.value?.role === 'admin')

  linkSession({
    token: () => token.value,
    onUnauthorized: (of, message) => {
      // a late answer to an earlier session says nothing about this one
      if (of === token.value && of) end(message || SESSION_OVER)
    },
  })
  addEventListener('storage', (event) => {
    // without a key when all of it was cleared
    if (event.key !== KEY && event.key !== null) return
    if (kept.value && !read()) endedBecause.value = '已在另一个标签页退出登录'
    kept.value = read()
  })

  /** Phones' accounts are refused: their token would open nothing here. */
  async function login(body: Endpoints['POST /sys/login']['body']): Promise<Outcome<LoginResult>> {
    const outcome = await call('POST /sys/login', { body })
    if (!outcome.ok) return outcome
    const { token: given, userInfo } = outcome.value
    if (userInfo.role !== 'clerk' && userInfo.role !== 'admin') {
      // nothing to wait for: an unused session runs out by itself
      void fetchLogout(given)
      const error = forbidden('这是外勤账号，请在微信小程序里登录；要用后台请联系管理员开通')
      return { ok: false, error }
    }
    endedBecause.value = ''
    keep({ token: given, user: userInfo })
    return outcome
  }

  async function logout(): Promise<void> {
    const was = token.value
    end('')
    await fetchLogout(was)
  }

  /** Forgets the session here; whoever was working goes to the login page and comes back to the same place. */
  function end(because: string): void {
    endedBecause.value = because
    keep(null)
  }

  function keep(session: Kept | null): void {
    kept.value = session
    if (session) localStorage.setItem(KEY, JSON.stringify(session))
    else localStorage.removeItem(KEY)
  }

  return { user, token, isAdmin, endedBecause, login, logout, end }
})

function read(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null
    return typeof kept?.token === 'string' && typeof kept.user?.id === 'string' ? kept : null
  } catch {
    return null
  }
}

/** With a token of its own: by now the store has none. */
async function fetchLogout(token: string): Promise<void> {
  await call('POST /sys/logout', { body: {}, token })
}
