/**
 * A touch is followed by the browser's own mouse events at the same place, when something else may lie there by
 * now: a modal that the tap opened, another page. No phone does this, so what was not pressed is not clicked.
 */
export function ignoreGhostClicks(root: Document): void {
  let pressed: Node | null = null
  root.addEventListener('pointerdown', ({ target }) => (pressed = target as Node), { capture: true })
  const drop = (event: MouseEvent) => {
    const target = event.target as Node
    // a keyboard's click has no detail, a script's is not trusted
    if (!event.isTrusted || event.detail === 0 || !pressed) return
    if (target.contains(pressed) || pressed.contains(target)) return
    event.preventDefault()
    event.stopImmediatePropagation()
  }
  root.addEventListener('mousedown', drop, { capture: true })
  root.addEventListener('click', drop, { capture: true })
}
