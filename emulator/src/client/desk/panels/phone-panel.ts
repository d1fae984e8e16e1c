import type { Platform } from '../../../profiles.ts'
import type { PhoneChangeBody, SubscribeSettings } from '../../../protocol.ts'
import type { Desk } from '../desk.ts'
import { html, nothing, section, segments, type View } from '../html.ts'

const platformWords: Record<Platform, string> = {
  strict: '最严',
  android: 'Android',
  ios15: 'iOS 15',
  ios: 'iOS 16+',
  devtools: '开发者工具',
  windows: 'Windows',
}

export const platformHints: Record<Platform, string> = {
  strict: '各平台要求的交集：在这里能用的代码，在哪都能用。',
  android: 'Promise 和 await 之后仍有点击态。',
  ios15: 'Promise 和 await 之后没有点击态。',
  ios: 'iOS 16 起，Promise 和 await 之后仍有点击态。',
  devtools: '不核对模板 ID，订阅面板是模拟的，宽松得多。',
  windows: '没有设置页，openSetting 会失败。',
}

const onOff = { on: '开', off: '关' } as const
const yesNo = { no: '否', yes: '是' } as const

/** The knobs of the selected phone. */
export function phonePanel(desk: Desk): View {
  const { phone, selected } = desk
  if (!phone) return html`<p class="empty">正在问模拟器……</p>`
  const settings = desk.books.settings[selected]
  const turn = (change: PhoneChangeBody, done = '') =>
    void desk.act(() => desk.control.setPhone(selected, change), done)

  const knobs = html`<div class="knobs">
    ${segments({
      label: '订阅消息总开关',
      values: onOff,
      value: settings && (settings.mainSwitch ? 'on' : 'off'),
      choose: (value) => turn({ mainSwitch: value === 'on' }),
    })}
    ${segments({
      label: '系统通知',
      values: { authorized: '开', denied: '关' },
      value: phone.notifications,
      choose: (notifications) => turn({ notifications }),
    })}
    ${segments({
      label: '隐私协议',
      values: { no: '未同意', yes: '已同意' },
      value: phone.privacyConsent ? 'yes' : 'no',
      choose: (value) => turn({ privacyConsent: value === 'yes' }),
    })}
    ${segments({
      label: '弱网',
      values: yesNo,
      value: phone.weakNetwork ? 'yes' : 'no',
      choose: (value) => turn({ weakNetwork: value === 'yes' }),
    })}
    ${segments({
      label: '外观',
      values: { light: '浅色', dark: '深色' },
      value: phone.theme,
      choose: (theme) => turn({ theme }),
    })}
    ${segments({
      label: '字体',
      values: { '16': '标准', '19': '大', '23': '特大' },
      value: String(phone.fontSize) as '16' | '19' | '23',
      choose: (size) => turn({ fontSize: Number(size) }),
    })}
    ${segments({
      label: '网络',
      values: { wifi: 'Wi-Fi', '4g': '4G', '3g': '3G', '2g': '2G', none: '断网' },
      value: phone.network,
      choose: (network) => turn({ network }),
    })}
  </div>`

  const platform = html`${segments({
      label: '平台',
      values: platformWords,
      value: phone.platform,
      choose: (value) =>
        turn({ platform: value }, `平台改为${platformWords[value]}，重启手机或重新进入小程序后生效`),
      hints: platformHints,
      bare: true,
    })}
    <p class="note" data-test="platform-hint">${platformHints[phone.platform]}</p>`

  return html`
    ${section('平台', platform, html`<small>下次启动小程序时生效</small>`)} ${section('开关', knobs)}
    ${section('总是保持的选择', keptChoices(desk, settings))}
  `
}

/** 总是保持以上选择: what the settings page of the mini-program lists, and how it was decided. */
function keptChoices(desk: Desk, settings: SubscribeSettings | undefined): View {
  const items = settings?.items ?? []
  if (items.length === 0)
    return html`<p class="empty">还没有。用户在订阅面板勾选「总是保持以上选择」后出现在这里。</p>`
  return html`${items.map(({ templateId, title, value }) =>
    value === 'ban'
      ? html`<div class="choice"><span>${title}</span><b class="mark bad">已封禁</b></div>`
      : segments({
          label: title,
          values: { accept: '接收', reject: '拒收' },
          value: value === 'reject' ? 'reject' : 'accept',
          choose: (choice) =>
            void desk.act(() => desk.control.setSettings(desk.selected, { items: { [templateId]: choice } })),
        }),
  )}
  ${settings?.mainSwitch === false ? html`<p class="note">总开关关着，这些选择现在不起作用。</p>` : nothing}`
}
