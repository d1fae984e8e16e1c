import { onBeforeUnmount, onMounted } from 'vue'

interface Taker {
  text: (text: string) => void
  file: (file: File) => void
  /** Whether something can be taken now; `refuse` hears of what comes at another time. */
  open: () => boolean
  refuse: () => void
}

/** What is pasted or dropped anywhere on the page. What is pasted into a field is the field's, unless that is empty. */
export function useIncoming(on: Taker): void {
  function onPaste(event: ClipboardEvent): void {
    const { target, clipboardData } = event
    const typing = target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement
    if (!clipboardData || (typing && (target.value !== '' || !on.open()))) return
    // a spreadsheet puts a picture and HTML beside the text
    const text = clipboardData.getData('text/plain')
    const [file] = clipboardData.files
    if (text === '' && !file) return
    event.preventDefault()
    if (!on.open()) on.refuse()
    else if (text !== '') on.text(text)
    else if (file) on.file(file)
  }

  /** Otherwise the browser leaves the page and opens the file. */
  function onDragOver(event: DragEvent): void {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  }

  function onDrop(event: DragEvent): void {
    const [file] = event.dataTransfer?.files ?? []
    if (!file) return
    event.preventDefault()
    if (on.open()) on.file(file)
    else on.refuse()
  }

  onMounted(() => {
    addEventListener('paste', onPaste)
    addEventListener('dragover', onDragOver)
    addEventListener('drop', onDrop)
  })
  onBeforeUnmount(() => {
    removeEventListener('paste', onPaste)
    removeEventListener('dragover', onDragOver)
    removeEventListener('drop', onDrop)
  })
}
