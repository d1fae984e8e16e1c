import { pushKinds } from '../../../cloud/push/event.ts'
import type { Firing } from '../../../cloud/fire.ts'
import { cloudCalls, phoneCalls, type CloudCall, type PhoneCall } from '../../../protocol.ts'
import type { Desk } from '../desk.ts'
import { button, fieldsOf, html, nothing, section, segments, type View } from '../html.ts'
import {
  faultWord,
  firingWord,
  kindWords,
  phoneCallWords,
  presets,
  pushFaultWords,
  type NewFault,
} from './fault-words.ts'

const whats = { server: '后台调用微信', phone: '小程序调用微信', push: '微信推送后台' } as const
type What = keyof typeof whats
type Kind = keyof typeof kindWords
type PushFaultKind = keyof typeof pushFaultWords

const latencyWords = { none: '无', lan: '局域网', typical: '平常', slow: '慢', rush: '高峰' } as const
const span = (ms: number | readonly [number, number] | undefined) =>
  ms === undefined ? '由测试决定' : typeof ms === 'number' ? `${ms} ms` : `${ms[0]}–${ms[1]} ms`

/** What goes wrong on purpose: ready-made, put together by hand, and what is in force now. */
export class FaultsPanel {
  private what: What = 'server'
  private kind: Kind = 'errcode'
  private pushKind: PushFaultKind = 'lose'

  constructor(private readonly desk: Desk) {}

  view(): View {
    return html`
      ${section('生效的故障', this.active(), this.clearAll())}
      ${section(
        '常用',
        html`<div class="presets">
          ${presets.map(
            ({ word, hint, make }) =>
              html`<button
                type="button"
                class="quiet"
                title=${hint}
                @click=${() => void this.add(make(this.desk.selected))}
              >
                ${word}<small>${hint}</small>
              </button>`,
          )}
        </div>`,
      )}
      ${section('自己配', this.form())} ${section('微信回答的快慢', this.latency())}
    `
  }

  private async add(it: NewFault): Promise<boolean> {
    const { control } = this.desk
    return this.desk.act(
      () => (it.to === 'call' ? control.fault(it.fault) : control.pushFault(it.fault)),
      `已安排：${faultWord(it.fault)}`,
    )
  }

  private active(): View {
    const { desk } = this
    const { faults } = desk.books
    if (faults.length === 0) return html`<p class="empty">没有。一切照常。</p>`
    return html`<ul class="faults" data-test="faults">
      ${faults.map(
        ({ id, fault, fired, left }) =>
          html`<li>
            <span
              ><strong>${faultWord(fault)}</strong
              ><small>${firingWord(fault, { fired, left }, (openid) => desk.nameOf(openid))}</small></span
            >
            ${button('删除', () => void desk.act(() => desk.control.removeFault(id)), {
              label: `删除故障 ${faultWord(fault)}`,
            })}
          </li>`,
      )}
    </ul>`
  }

  private clearAll(): View {
    const { desk } = this
    if (desk.books.faults.length < 2) return nothing
    return button('全部删除', () => void desk.act(desk.control.clearFaults, '故障都清除了'), { kind: 'link' })
  }

  private form(): View {
    const { desk } = this
    const submit = (event: Event) => void this.add(this.faultFrom(fieldsOf(event)))
    return html`<form class="fault-form" aria-label="配一个故障" @submit=${submit}>
      ${segments({
        label: '哪一类',
        values: whats,
        value: this.what,
        choose: (what) => desk.update(() => (this.what = what)),
        bare: true,
      })}
      ${this.target()}
      <div class="fields">
        <label
          >用户
          <select name="openid">
            <option value="">所有人</option>
            ${desk.books.phones.map(
              ({ openid, nickname }) => html`<option value=${openid}>${nickname}</option>`,
            )}
          </select></label
        >
        <label>概率 % <input name="percent" type="number" min="1" max="100" value="100" /></label>
        <label
          >次数 <input name="times" type="number" min="1" max="1000000" value="1" placeholder="一直"
        /></label>
        <button type="submit" class="action" data-test="add-fault">添加</button>
      </div>
    </form>`
  }

  private target(): View {
    const { desk } = this
    switch (this.what) {
      case 'server':
        return html`${segments({
            label: '怎么坏',
            values: kindWords,
            value: this.kind,
            choose: (kind) => desk.update(() => (this.kind = kind)),
            bare: true,
          })}
          <div class="fields">
            <label
              >调用
              <select name="call">
                ${
                  // all of one list: an option of the markup would be there first, and be the chosen one
                  ['subscribe/send', ...cloudCalls.filter((call) => call !== 'subscribe/send'), '*'].map(
                    (call) => html`<option value=${call}>${call === '*' ? '所有调用' : call}</option>`,
                  )
                }
              </select></label
            >
            ${
              this.kind === 'errcode'
                ? html`<label>errcode <input name="errcode" type="number" required value="43101" /></label
                    ><label class="grow"
                      >errmsg <input name="errmsg" required value="user refuse to accept the msg"
                    /></label>`
                : nothing
            }
            ${
              this.kind === 'slow'
                ? html`<label
                    >毫秒 <input name="ms" type="number" min="0" max="3600000" required value="3000"
                  /></label>`
                : nothing
            }
          </div>`
      case 'phone':
        return html`<div class="fields">
          <label
            >调用
            <select name="phone">
              ${phoneCalls.map((call) => html`<option value=${call}>${phoneCallWords[call]}</option>`)}
            </select></label
          >
          <label>errCode <input name="errCode" type="number" placeholder="留空是断网" /></label>
          <label class="grow">errMsg <input name="errMsg" placeholder="留空用微信的话" /></label>
        </div>`
      case 'push':
        return html`${segments({
            label: '怎么坏',
            values: pushFaultWords,
            value: this.pushKind,
            choose: (kind) => desk.update(() => (this.pushKind = kind)),
            bare: true,
          })}
          <div class="fields">
            ${
              this.pushKind === 'failSend'
                ? html`<p class="note">发送仍回答成功并用掉授权，但消息不到手机，结果事件说失败。</p>`
                : html`<label
                    >事件
                    <select name="push">
                      <option value="">所有事件</option>
                      ${pushKinds.map(
                        (kind) =>
                          html`<option value=${kind}>
                            ${{ popup: '订阅面板', change: '拒收', sent: '发送结果' }[kind]}
                          </option>`,
                      )}
                    </select></label
                  >`
            }
            ${
              this.pushKind === 'late'
                ? html`<label
                    >毫秒 <input name="ms" type="number" min="0" max="3600000" required value="3000"
                  /></label>`
                : nothing
            }
          </div>`
    }
  }

  private faultFrom(fields: Record<string, string>): NewFault {
    const { openid = '', percent = '', times = '', ms = '' } = fields
    const firing: Firing = {
      ...(openid && { openid }),
      ...(percent && percent !== '100' && { probability: Number(percent) / 100 }),
      ...(times && { times: Number(times) }),
    }
    switch (this.what) {
      case 'server': {
        const call = fields.call as CloudCall | '*'
        switch (this.kind) {
          case 'errcode':
            return {
              to: 'call',
              fault: {
                ...firing,
                call,
                kind: this.kind,
                errcode: Number(fields.errcode),
                errmsg: fields.errmsg ?? '',
              },
            }
          case 'slow':
            return { to: 'call', fault: { ...firing, call, kind: this.kind, ms: Number(ms) } }
          case 'hang':
          case 'drop':
            return { to: 'call', fault: { ...firing, call, kind: this.kind } }
        }
      }
      // eslint-disable-next-line no-fallthrough -- every kind above returns
      case 'phone': {
        const { errCode = '', errMsg = '' } = fields
        return {
          to: 'call',
          fault: {
            ...firing,
            phone: fields.phone as PhoneCall,
            ...(errCode && { errCode: Number(errCode) }),
            ...(errMsg && { errMsg }),
          },
        }
      }
      case 'push': {
        if (this.pushKind === 'failSend') return { to: 'push', fault: { ...firing, kind: 'failSend' } }
        const push = fields.push ? { push: fields.push as (typeof pushKinds)[number] } : {}
        return this.pushKind === 'late'
          ? { to: 'push', fault: { ...firing, ...push, kind: 'late', ms: Number(ms) } }
          : { to: 'push', fault: { ...firing, ...push, kind: this.pushKind } }
      }
    }
  }

  private latency(): View {
    const { desk } = this
    const { latency } = desk.books
    if (!latency) return html`<p class="empty">正在问模拟器……</p>`
    const custom = (event: Event) => {
      const { least = '', most = '' } = fieldsOf(event)
      const [from, to] = [Number(least), Number(most || least)]
      void desk.act(
        () => desk.control.setLatency(from === to ? from : [from, to]),
        `从现在起每次回答要 ${span(from === to ? from : [from, to])}`,
      )
    }
    return html`${segments({
        label: '档位',
        values: latencyWords,
        value: latency.profile ?? (latency.ms === 0 ? 'none' : undefined),
        choose: (profile) =>
          void desk.act(
            () => desk.control.setLatency(profile),
            `从现在起每次回答要 ${span(latency.profiles[profile])}`,
          ),
        hints: {
          none: span(latency.profiles.none),
          lan: span(latency.profiles.lan),
          typical: span(latency.profiles.typical),
          slow: span(latency.profiles.slow),
          rush: span(latency.profiles.rush),
        },
        bare: true,
      })}
      <form class="line-form" aria-label="自己定快慢" @submit=${custom}>
        <p class="note grow">现在：${span(latency.ms)}</p>
        <label>最快 ms <input name="least" type="number" min="0" max="3600000" required /></label>
        <label>最慢 ms <input name="most" type="number" min="0" max="3600000" /></label>
        <button type="submit" class="quiet">使用</button>
      </form>`
  }
}
