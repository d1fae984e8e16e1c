import { defaultProfile, type CloudProfile } from '../../../cloud/profile.ts'
import type { PhoneState, PrivateTemplate } from '../../../protocol.ts'
import type { Desk } from '../desk.ts'
import { button, html, nothing, section, segments, toggle, type View } from '../html.ts'

/** Who may still be sent how many, as WeChat really holds it, and what Tencent thinks of the templates. */
export function subscriptionsPanel(desk: Desk): View {
  const { phones, templates, profile } = desk.books
  return html`
    ${section(
      '微信记着的授权次数',
      templates.length === 0
        ? html`<p class="empty">还没有模板。</p>`
        : html`<div class="table-place" tabindex="0" role="group" aria-label="授权次数">
              <table class="quotas" data-test="desk-quota">
                <thead>
                  <tr>
                    <th scope="col">手机</th>
                    ${templates.map(({ title, priTmplId }) => html`<th scope="col" title=${priTmplId}>${title}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${phones.map((phone) => quotaRow(desk, phone, templates))}
                </tbody>
              </table>
            </div>
            <p class="note">没有接口能查到它：后台记的账要和这里一致。改这里不会通知后台。</p>`,
    )}
    ${section(
      '模板',
      templates.map((template) => templateRow(desk, template)),
    )}
    ${profile ? disputed(desk, profile) : nothing}
  `
}

function quotaRow(desk: Desk, { openid, nickname }: PhoneState, templates: readonly PrivateTemplate[]): View {
  const { quotas, settings } = desk.books
  const isOff = settings[openid]?.mainSwitch === false
  return html`<tr class=${isOff ? 'is-off' : ''}>
    <th scope="row">${nickname}${isOff ? html` <b class="mark bad">总开关关</b>` : nothing}</th>
    ${templates.map(({ priTmplId, title }) => {
      const n = quotas[openid]?.[priTmplId] ?? 0
      const kept = settings[openid]?.items.find(({ templateId }) => templateId === priTmplId)
      const set = (wanted: number) => void desk.act(() => desk.control.setQuota(openid, priTmplId, wanted))
      const step = (by: number) => void desk.act(() => desk.control.changeQuota(openid, priTmplId, by))
      return html`<td>
        <span class="stepper">
          <button
            type="button"
            aria-label=${`${nickname} ${title} 减一`}
            ?disabled=${n === 0}
            @click=${() => step(-1)}
          >
            −
          </button>
          <input
            type="number"
            min="0"
            max="1000000"
            aria-label=${`${nickname} ${title} 的次数`}
            .value=${String(n)}
            @change=${(event: Event) => set((event.target as HTMLInputElement).valueAsNumber)}
          />
          <button type="button" aria-label=${`${nickname} ${title} 加一`} @click=${() => step(1)}>＋</button>
        </span>
        ${kept ? keptMark(kept.value) : nothing}
      </td>`
    })}
  </tr>`
}

function keptMark(value: string): View {
  if (value === 'ban') return html`<b class="mark bad">已封禁</b>`
  return value === 'reject' ? html`<b class="mark bad">拒收</b>` : html`<b class="mark good">总是允许</b>`
}

const acceptWords = {
  accept: 'accept',
  acceptWithAudio: '+语音',
  acceptWithAlert: '+横幅',
  acceptWithForcePush: '+强提醒',
} as const

function templateRow(
  desk: Desk,
  { priTmplId, title, type, banned = false, acceptedAs }: PrivateTemplate,
): View {
  const change = (it: Parameters<Desk['control']['setTemplate']>[1], done: string) =>
    void desk.act(() => desk.control.setTemplate(priTmplId, it), done)
  return html`<div class="template">
    <p>
      <strong>${title}</strong><span class="mark calm">${type === 2 ? '一次性' : '长期'}</span>
      <code>${priTmplId}</code>
    </p>
    <div class="template-knobs">
      ${toggle('封禁', banned, (isBanned) =>
        change(
          { banned: isBanned },
          isBanned ? `「${title}」已封禁：订阅得到 ban，发送得到 43107` : `「${title}」解封了`,
        ),
      )}
      ${segments({
        label: `${title} 允许后的结果`,
        values: acceptWords,
        value: acceptedAs ?? 'accept',
        hints: {
          accept: 'accept',
          acceptWithAudio: 'acceptWithAudio',
          acceptWithAlert: 'acceptWithAlert',
          acceptWithForcePush: 'acceptWithForcePush',
        },
        choose: (value) =>
          change({ acceptedAs: value === 'accept' ? null : value }, `以后允许「${title}」得到 ${value}`),
        bare: true,
      })}
    </div>
  </div>`
}

/** Where the sources contradict each other or say nothing, somebody has to choose. */
function disputed(desk: Desk, profile: CloudProfile): View {
  const turn = (change: Partial<CloudProfile>) => void desk.act(() => desk.control.setProfile(change))
  const words = (event: Event) =>
    turn({
      sensitiveWords: (event.target as HTMLInputElement).value
        .split(/[\s、，,]+/)
        .filter((word) => word !== ''),
    })
  return html`<details class="part">
    <summary>文档没有说清的地方</summary>
    <div class="knobs">
      ${segments({
        label: '一次最多几个模板',
        values: { '3': '3', '5': '5' },
        value: String(profile.maxTemplates) as '3' | '5',
        choose: (n) => turn({ maxTemplates: n === '3' ? 3 : 5 }),
      })}
      ${segments({
        label: 'page 以 / 开头',
        values: { refused: '41030', accepted: '放过' },
        value: profile.leadingSlash,
        choose: (leadingSlash) => turn({ leadingSlash }),
      })}
      ${segments({
        label: '同一用户并发发送',
        values: { allowed: '放过', refused: '43108' },
        value: profile.concurrentSends,
        choose: (concurrentSends) => turn({ concurrentSends }),
      })}
      ${segments({
        label: '发送被拒时',
        values: { free: '不扣次数', spend: '也扣' },
        value: profile.refusedSends,
        choose: (refusedSends) => turn({ refusedSends }),
      })}
      ${segments({
        label: '次数能累积',
        values: { none: '不限', '1': '1 次', '5': '5 次' },
        value: String(profile.grantCeiling) as 'none' | '1' | '5',
        choose: (n) => turn({ grantCeiling: n === 'none' ? 'none' : Number(n) }),
      })}
      ${segments({
        label: 'session_key 更换于',
        values: { login: '登录', exchange: '换 code', kept: '到期' },
        value: profile.sessionKey,
        choose: (sessionKey) => turn({ sessionKey }),
      })}
      ${segments({
        label: '静默允许时推送面板事件',
        values: { none: '不推', pushed: '推' },
        value: profile.silentPopupEvent,
        choose: (silentPopupEvent) => turn({ silentPopupEvent }),
      })}
      ${segments({
        label: '推送里的 CreateTime',
        values: { number: '数字', string: '文字' },
        value: profile.createTime,
        choose: (createTime) => turn({ createTime }),
      })}
      ${segments({
        label: '整个小程序被封禁',
        values: { no: '否', yes: '是' },
        value: profile.banned ? 'yes' : 'no',
        choose: (value) => turn({ banned: value === 'yes' }),
      })}
    </div>
    <label class="wide"
      >敏感词（发送得到 45168）
      <input .value=${profile.sensitiveWords.join('、')} placeholder="用顿号隔开" @change=${words} />
    </label>
    ${button('全部恢复默认', () => turn(defaultProfile))}
  </details>`
}
