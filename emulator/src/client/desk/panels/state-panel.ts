import type { Desk } from '../desk.ts'
import { button, html, section, type View } from '../html.ts'
import type { PhoneWindows } from '../phone-windows.ts'
import { saveText } from '../save.ts'
import { readSavedState, restoreStorage, storageOf } from './saved-state.ts'

/** Everything WeChat and the phones remember: into a file, out of a file, gone. */
export class StatePanel {
  private isAsking = false

  constructor(
    private readonly desk: Desk,
    private readonly windows: PhoneWindows,
    private readonly storage: Storage,
  ) {}

  view(): View {
    const { desk } = this
    return html`
      ${section(
        '存成文件',
        html`<div class="line">
          <p class="note grow">
            手机、授权次数、选择、消息、token 和小程序的本地缓存，都在一个 JSON
            里。里面有登录态，不要提交到版本库。
          </p>
          ${button('存成文件', () => void desk.act(() => this.save(), '存档已下载'), { test: 'save-state' })}
        </div>`,
      )}
      ${section(
        '载入',
        html`<div class="line">
          <p class="note grow">现在的一切换成存档里的样子，手机随后重启。</p>
          <label class="quiet file"
            >选择文件
            <input
              type="file"
              accept="application/json,.json"
              data-test="load-state"
              @change=${(event: Event) => this.chosen(event.target as HTMLInputElement)}
          /></label>
        </div>`,
      )}
      ${section(
        '重新开始',
        html`<div class="line">
          <p class="note grow">忘掉一切：授权、选择、消息、token、故障、记录，和小程序的本地缓存。</p>
          ${
            this.isAsking
              ? html`${button('确定重新开始', () => void desk.act(() => this.reset(), '一切重新开始'), {
                  kind: 'danger',
                  test: 'confirm-reset',
                })}${button('不了', () => desk.update(() => (this.isAsking = false)))}`
              : button('重新开始', () => desk.update(() => (this.isAsking = true)), { test: 'reset' })
          }
        </div>`,
      )}
    `
  }

  private async save(): Promise<void> {
    const saved = { ...(await this.desk.control.save()), storage: storageOf(this.storage) }
    const day = new Date(this.desk.books.clock?.now ?? Date.now()).toISOString().slice(0, 10)
    saveText(`leadbell-state-${day}.json`, JSON.stringify(saved, null, 2), 'application/json')
  }

  private chosen(input: HTMLInputElement): void {
    const [file] = input.files ?? []
    // the same file may be chosen again
    const done = () => (input.value = '')
    if (!file) return
    void this.desk
      .act(async () => {
        const saved = readSavedState(await file.text())
        await this.desk.control.restore(saved)
        restoreStorage(this.storage, saved.storage ?? {})
        this.desk.forget()
        this.windows.restartAll()
        return `已载入 ${file.name}，手机正在重启`
      })
      .finally(done)
  }

  private async reset(): Promise<void> {
    this.isAsking = false
    await this.desk.control.reset()
    restoreStorage(this.storage, {})
    this.desk.forget()
    this.windows.restartAll()
  }
}
