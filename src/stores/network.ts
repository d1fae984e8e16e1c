import { defineStore } from 'pinia'
import { ref } from 'vue'
import { watchNetwork } from '@/wechat/network.ts'

/** Whether the phone has a network, as WeChat says. Taken for granted until it says otherwise. */
export const useNetwork = defineStore('network', () => {
  const online = ref(true)

  /** Once, when the app starts. */
  function watchHost(): void {
    watchNetwork((isOnline) => {
      online.value = isOnline
    })
  }

  return { online, watchHost }
})
