const WXML_ID = 'exparser:info-attr-id'
const withWxmlId = `[${WXML_ID.replace(':', '\\:')}]`

/**
 * Gives every element of the shown page that has an id in wxml the same DOM id, for automation, unless another
 * element of the document has it. Hidden pages of the stack give theirs back. Returns what ends it.
 */
export function mirrorIds(container: HTMLElement): () => void {
  const sync = () => {
    const elements = [...container.querySelectorAll(withWxmlId)].filter(isComponent)
    for (const element of elements)
      if (
        element.id !== '' &&
        (element.closest('.we-page[hidden]') || element.id !== element.getAttribute(WXML_ID))
      )
        element.removeAttribute('id')
    for (const element of elements) {
      const id = element.getAttribute(WXML_ID) ?? ''
      if (id === '' || element.id === id || element.closest('.we-page[hidden]')) continue
      if (!document.getElementById(id)) element.id = id
    }
  }
  const observer = new MutationObserver(sync)
  observer.observe(container, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: [WXML_ID, 'hidden'],
  })
  return () => observer.disconnect()
}

/** The DOM elements inside a built-in component are nobody's to name. */
const isComponent = ({ tagName }: Element) => tagName.includes('-')
