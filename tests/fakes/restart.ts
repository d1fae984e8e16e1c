import { createPinia, setActivePinia } from 'pinia'
import { useFakeHost, type FakeHost } from './host.ts'

/** The app is killed and started again: the same phone, an empty memory. */
export function restart({ storage, backend }: FakeHost): FakeHost {
  setActivePinia(createPinia())
  const host = useFakeHost({ disk: storage })
  host.backend = backend
  return host
}
