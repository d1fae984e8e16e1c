import type { Desk } from '../desk.ts'
import { fieldsOf, html, section, type View } from '../html.ts'
import type { PhoneWindows } from '../phone-windows.ts'

/** Scenes a developer starts from (场景值). */
const scenes: Record<string, string> = {
  1001: '发现栏的小程序入口',
  1007: '单人聊天里的小程序卡片',
  1011: '扫描二维码',
  1047: '扫描小程序码',
  1089: '聊天主界面下拉',
  1107: '订阅消息',
}

/** A cold start of the mini-program at a page, from a scene. */
export function launchPanel(desk: Desk, windows: PhoneWindows): View {
  const launch = (event: Event) => {
    const { path = '', scene = '' } = fieldsOf(event)
    void desk.act(async () => {
      const phone = windows.handle(desk.selected)
      if (!phone) throw new Error('这部手机还没有开好，请稍等再试')
      phone.launch(path || undefined, scene ? Number(scene) : undefined)
      return `已启动${path ? ` ${path}` : '首页'}${scene ? `，场景值 ${scene}` : ''}`
    })
  }
  return section(
    '启动小程序',
    html`<form class="line-form" aria-label="启动小程序" @submit=${launch}>
      <label class="grow"
        >页面路径
        <input name="path" list="desk-pages" autocomplete="off" placeholder="留空是首页，可带 ?id=1" />
      </label>
      <label
        >场景值
        <input
          name="scene"
          list="desk-scenes"
          inputmode="numeric"
          pattern="[0-9]{4}"
          title="四位数字"
          autocomplete="off"
          placeholder="1001"
      /></label>
      <button type="submit" class="quiet" data-test="launch">启动</button>
      <datalist id="desk-pages">
        ${windows.pages(desk.selected).map((page) => html`<option value=${page}></option>`)}
      </datalist>
      <datalist id="desk-scenes">
        ${Object.entries(scenes).map(([scene, word]) => html`<option value=${scene}>${word}</option>`)}
      </datalist>
    </form>`,
  )
}
