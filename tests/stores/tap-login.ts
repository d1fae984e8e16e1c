import { useCaptcha } from '@/stores/captcha.ts'
import type { LoginForm } from '@/stores/login-form.ts'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import type { FakeHost } from '../fakes/host.ts'

export const form: LoginForm = { username: 'chen', password: 'secret', captcha: 'ab3d' }

/** What the login page does before anybody can tap. */
export async function loadLoginPage(): Promise<void> {
  await Promise.all([useCaptcha().load(), useSubscription().loadTemplates()])
}

/** The login page has loaded; then one tap on 登录, and everything that follows from it. */
export async function tapLogin(
  host: FakeHost,
  { input = form, to = '', onRefused }: { input?: LoginForm; to?: string; onRefused?: () => void } = {},
): Promise<void> {
  await loadLoginPage()
  host.calls.length = 0
  await host.tap(() => useSession().login(input, to, onRefused))
}
