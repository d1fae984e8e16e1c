import { currentHost } from './host.ts'

/** Tells whether there is a network: once now, then at every change, for as long as the app lives. */
export function watchNetwork(tell: (online: boolean) => void, host = currentHost()): void {
  host.getNetworkType({ success: ({ networkType }) => tell(networkType !== 'none'), fail: () => undefined })
  host.onNetworkStatusChange(({ isConnected }) => tell(isConnected))
}
