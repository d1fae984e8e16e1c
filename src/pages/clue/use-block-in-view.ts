import { getCurrentInstance, nextTick, onUnmounted, ref, watch, type Ref } from 'vue'

/** Told this early, in px, a block has its rows before it is on the screen. */
const MARGIN = { top: 1000, bottom: 1000 }

/**
 * The block in the middle of what is on the screen and near it. It changes only when a block beyond its neighbours
 * comes near, so that a scroll back and forth moves nothing. An observer, not `onPageScroll`: that one costs a message
 * from view to logic for every frame of a scroll. A host without observers stays at the first block.
 * @param selector of the blocks; each says in `data-block` which it is
 */
export function useBlockInView(selector: string, count: Ref<number>): Ref<number> {
  const middle = ref(0)
  const near = new Set<number>()
  const instance = getCurrentInstance()?.proxy
  let observer: UniApp.IntersectionObserver | null = null

  const stop = () => observer?.disconnect()

  function observe(): void {
    stop()
    near.clear()
    if (count.value === 0 || !instance || typeof uni.createIntersectionObserver !== 'function') return
    observer = uni.createIntersectionObserver(instance, { observeAll: true })
    observer.relativeToViewport(MARGIN).observe(selector, (result) => {
      // uni-app's types leave the dataset out.
      const { dataset } = result as unknown as { dataset: { block: number } }
      if (result.intersectionRatio > 0) near.add(Number(dataset.block))
      else near.delete(Number(dataset.block))
      follow()
    })
  }

  function follow(): void {
    if (near.size === 0) return
    const first = Math.min(...near)
    const last = Math.max(...near)
    if (first < middle.value - 1 || last > middle.value + 1) middle.value = Math.floor((first + last) / 2)
  }

  // Only blocks that are in the view when it starts are observed. The tick is the setData that puts them there.
  watch(count, () => void nextTick(observe), { immediate: true })
  onUnmounted(stop)
  return middle
}
