import type { ObserverOptions } from '../queries/intersection-observer.ts'
import type { WxHost } from './host.ts'

/** Questions about what is drawn. Without a component the page on top is meant. */
export function queryApis(host: WxHost) {
  return {
    createSelectorQuery: () => host.queries.pageQuery(() => host.pages.top?.instance),
    createIntersectionObserver: (component: unknown, options?: ObserverOptions) =>
      host.queries.intersectionObserver(component ?? host.pages.top?.instance, options),
  }
}
