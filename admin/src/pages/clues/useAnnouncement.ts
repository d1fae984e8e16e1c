import { onScopeDispose, ref, watch, type Ref } from 'vue'

const AT_MOST_EVERY_MS = 5_000

/**
 * What a screen reader says of numbers that change quickly: at once when they have come to rest, and before and after
 * that at most every five seconds. An empty text is nothing to say, and takes back what was said.
 */
export function useAnnouncement(text: () => string, isAtRest: () => boolean): Readonly<Ref<string>> {
  const told = ref('')
  let pause: ReturnType<typeof setTimeout> | undefined

  onScopeDispose(() => clearTimeout(pause))
  watch([text, isAtRest], ([now, rests], [, rested]) => {
    if (pause === undefined || now === '' || (rests && !rested)) tell()
  })

  function tell(): void {
    clearTimeout(pause)
    pause = undefined
    told.value = text()
    if (told.value === '') return
    pause = setTimeout(() => {
      pause = undefined
      if (told.value !== text()) tell()
    }, AT_MOST_EVERY_MS)
  }

  return told
}
