import { ElMessage, ElMessageBox } from 'element-plus'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/message-box/style/css'
import { errorText, type ApiError } from './api/outcome.ts'

/** What passes by at the top of the page. A failure stays longer, and what has to be read stays in the page. */
export const say = {
  done: (text: string) => void ElMessage({ type: 'success', message: text }),
  failed: (error: ApiError) => void ElMessage({ type: 'error', message: errorText(error), duration: 6000 }),
}

/** Asks before something that cannot be taken back; true when the clerk confirms. */
export async function ask(title: string, text: string, confirm: string): Promise<boolean> {
  const settings = { confirmButtonText: confirm, cancelButtonText: '取消', closeOnClickModal: false }
  return ElMessageBox.confirm(text, title, settings).then(
    () => true,
    () => false,
  )
}
