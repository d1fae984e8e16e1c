import { pushFormats, type PushFormat } from '../../../cloud/push/payload.ts'
import { pushModes, type PushMode } from '../../../cloud/push/target.ts'
import type { Desk } from '../desk.ts'
import { button, clockOf, fieldsOf, html, nothing, section, type View } from '../html.ts'
import { answerWord, pushEntry } from '../log/entries.ts'

const modeWords: Record<PushMode, string> = {
  plain: '明文模式',
  compatible: '兼容模式',
  encrypted: '安全模式',
}
const MOST_SHOWN = 50

/** 消息推送: where WeChat tells the backend what happened, and what became of each event. */
export class PushPanel {
  private isEditing = false

  constructor(private readonly desk: Desk) {}

  view(): View {
    return html`${section('推送到哪里', this.target())} ${section('推送记录', this.log())}`
  }

  private target(): View {
    const { desk } = this
    const target = desk.books.pushTarget
    if (!target || this.isEditing) return this.form()
    const { url, mode, format, verification } = target
    const state =
      verification === undefined
        ? html`<b class="mark calm">正在验证</b>`
        : verification.ok
          ? html`<b class="mark good">验证通过</b>`
          : html`<b class="mark bad">验证没有通过：${answerWord(verification.answer)}</b>`
    return html`<dl class="facts" data-test="push-target">
        <dt>地址</dt>
        <dd><code>${url}</code></dd>
        <dt>方式</dt>
        <dd>${modeWords[mode]} · ${format.toUpperCase()}</dd>
        <dt>验证</dt>
        <dd>${state}</dd>
      </dl>
      ${
        verification?.ok === false
          ? html`<p class="note">
              地址仍然保留，事件照推。后台要原样回答 echostr；确认它已启动、Token 一致，再提交一次。
            </p>`
          : nothing
      }
      <div class="line">
        ${button('修改', () => desk.update(() => (this.isEditing = true)))}
        ${button('停止推送', () => void desk.act(desk.control.stopPush, '不再推送事件'), { kind: 'danger' })}
      </div>`
  }

  private form(): View {
    const { desk } = this
    const target = desk.books.pushTarget
    const submit = (event: Event) => {
      const {
        url = '',
        token = '',
        aesKey = '',
        mode = 'plain',
        format = 'json',
        latency = '',
      } = fieldsOf(event)
      void desk.act(async () => {
        const verification = await desk.control.setPush({
          ...{ url, token, mode: mode as PushMode, format: format as PushFormat },
          ...(aesKey && { aesKey }),
          ...(latency && { latencyMs: Number(latency) }),
        })
        this.isEditing = false
        if (!verification.ok) throw new Error(`已保存，但验证没有通过：${answerWord(verification.answer)}`)
        return '已保存，验证通过'
      })
    }
    return html`<form class="fault-form" aria-label="推送地址" @submit=${submit}>
      ${target ? nothing : html`<p class="note">现在不推送。填写后，订阅面板、拒收和发送结果都会告诉后台。</p>`}
      <div class="fields">
        <label class="grow"
          >URL
          <input
            name="url"
            type="url"
            required
            value=${target?.url ?? ''}
            placeholder="http://127.0.0.1:5301/wechat/events"
        /></label>
        <label
          >Token
          <input
            name="token"
            required
            pattern="[A-Za-z0-9]{3,32}"
            title="3–32 位字母或数字"
            autocomplete="off"
        /></label>
      </div>
      <div class="fields">
        <label class="grow"
          >EncodingAESKey
          <input
            name="aesKey"
            pattern="[A-Za-z0-9]{43}"
            title="43 位字母或数字"
            autocomplete="off"
            placeholder="明文模式可不填"
        /></label>
        <label
          >方式
          <select name="mode">
            ${pushModes.map(
              (mode) =>
                html`<option value=${mode} ?selected=${mode === target?.mode}>${modeWords[mode]}</option>`,
            )}
          </select></label
        >
        <label
          >格式
          <select name="format">
            ${pushFormats.map(
              (format) =>
                html`<option value=${format} ?selected=${format === target?.format}>
                  ${format.toUpperCase()}
                </option>`,
            )}
          </select></label
        >
        <label>延迟 ms <input name="latency" type="number" min="0" max="3600000" placeholder="0" /></label>
      </div>
      <div class="line">
        <button type="submit" class="action" data-test="save-push">保存并验证</button>
        ${this.isEditing ? button('取消', () => desk.update(() => (this.isEditing = false))) : nothing}
      </div>
    </form>`
  }

  private log(): View {
    const { desk } = this
    const records = desk.books.known.pushes.slice(-MOST_SHOWN).reverse()
    if (records.length === 0) return html`<p class="empty">还没有推送过。</p>`
    return html`<ul class="pushes" data-test="pushes">
      ${records.map(({ id, record }) => {
        const entry = pushEntry(record, id, (templateId) => desk.titleOf(templateId))
        return html`<li>
          <time>${clockOf(entry.at)}</time>
          <strong>${entry.name}</strong>
          <span class="about">${desk.nameOf(record.event.openid)} · ${entry.about}</span>
          ${entry.marks.map(({ word, tone }) => html`<b class="mark ${tone}">${word}</b>`)}
          ${
            record.attempts.length > 1 || entry.isBad
              ? html`<ol>
                  ${record.attempts.map(
                    ({ at, answer }) => html`<li>${clockOf(at)} ${answerWord(answer)}</li>`,
                  )}
                </ol>`
              : nothing
          }
        </li>`
      })}
    </ul>`
  }
}
