import type { Desk } from '../desk.ts'
import { aheadWord } from '../header.ts'
import { button, clockOf, dateOf, html, section, type View } from '../html.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What comes to an end with each step (wechat-platform.md §3, §5). */
const steps = [
  { word: '+5 分钟', ms: 5 * MINUTE, ends: '还没用的登录 code 过期（40029）；被顶替的旧 token 失效' },
  { word: '+2 小时', ms: 2 * HOUR, ends: '现在的 access_token 过期（42001）' },
  { word: '+1 天', ms: DAY, ends: '每天的调用次数重新算；强制刷新 token 的 20 次重新算' },
  { word: '+30 天', ms: 30 * DAY, ends: '所有登录态（session_key）过期；用户给的授权次数不会过期' },
]

/** WeChat's clock, which can be put forward. */
export function timePanel(desk: Desk): View {
  const { clock } = desk.books
  if (!clock) return html`<p class="empty">正在问模拟器……</p>`
  const ahead = aheadWord(clock.aheadMs)
  const advance = (ms: number, word: string) =>
    void desk.act(async () => {
      const { now } = await desk.control.advance(ms)
      return `微信的时间走了 ${word.slice(1)}，现在是 ${dateOf(now)} ${clockOf(now)}`
    })
  return html`
    ${section(
      '微信的时间',
      html`<p class="big-clock" data-test="clock">
          <time>${clockOf(clock.now)}</time><span>${dateOf(clock.now)}</span>${
            ahead
              ? html`<b class="mark calm">比这台机器${ahead}</b>`
              : html`<b class="mark calm">和这台机器一样</b>`
          }
        </p>
        <ul class="steps">
          ${steps.map(
            ({ word, ms, ends }) =>
              html`<li>
                ${button(word, () => advance(ms, word), { test: `advance-${ms / MINUTE}` })}<span
                  >${ends}</span
                >
              </li>`,
          )}
        </ul>
        <p class="note">
          只有微信的钟在走：手机状态栏和消息时间跟着变，后台和小程序自己的时间不变。时间只能往前，「存档」里的重新开始也不会拨回。
        </p>`,
    )}
    ${section(
      'access_token',
      html`<div class="line">
        <p class="note grow">
          像别的服务器强制刷新了它一样，让现在的 stable token 立刻失效，下一次调用得到 40001。
        </p>
        ${button(
          '让 token 失效',
          () =>
            void desk.act(desk.control.revokeToken, '现在的 stable token 失效了，后台下一次调用会得到 40001'),
        )}
      </div>`,
    )}
  `
}
