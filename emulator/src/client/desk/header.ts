import type { Desk } from './desk.ts'
import { button, clockOf, dateOf, html, nothing, type View } from './html.ts'

/** How long WeChat's clock is ahead, in the largest units that say it. */
export function aheadWord(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes === 0) return ''
  const days = Math.floor(minutes / 1440)
  const hours = Math.floor((minutes % 1440) / 60)
  const rest = minutes % 60
  const parts = [days && `${days} 天`, hours && `${hours} 小时`, rest && `${rest} 分`].filter(Boolean)
  return `快 ${parts.join(' ')}`
}

/** What holds for all phones: the owner's buttons, WeChat's clock, what is broken on purpose. */
export function header(desk: Desk): View {
  const { books, said, trouble } = desk
  const { clock, faults, actions } = books
  const ahead = clock ? aheadWord(clock.aheadMs) : ''
  return html`<header class="top">
    <h1>线索铃<small>模拟台</small></h1>
    ${
      clock
        ? html`<button type="button" class="chip" data-test="clock-chip" @click=${() => desk.show('time')}>
            <span>微信时间</span> <time>${dateOf(clock.now)} ${clockOf(clock.now)}</time>${
              ahead ? html` <b>${ahead}</b>` : nothing
            }
          </button>`
        : nothing
    }
    ${
      faults.length > 0
        ? html`<button
            type="button"
            class="chip is-bad"
            data-test="faults-chip"
            @click=${() => desk.show('faults')}
          >
            ${faults.length} 个故障生效
          </button>`
        : nothing
    }
    <output class="answer" data-test="desk-answer" data-ok=${String(trouble ? false : (said?.ok ?? true))}
      >${trouble ?? said?.message ?? ''}</output
    >
    <div class="owner">
      ${button(
        '发布新版本',
        () => void desk.act(desk.control.publishUpdate, '已发布新版本，手机收到更新提示'),
        {
          test: 'publish-update',
        },
      )}
      ${actions.map(({ name, label }) =>
        button(
          label,
          () =>
            void desk.act(async () => {
              const answer = await desk.control.act(name, desk.selected)
              if (!answer.ok) throw new Error(answer.message)
              return answer.message
            }),
          { kind: 'action', test: `action-${name}` },
        ),
      )}
    </div>
  </header>`
}
