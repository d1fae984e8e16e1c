import { ElOption as TheirOption, ElSelect as TheirSelect } from 'element-plus'
import 'element-plus/es/components/option/style/css'
import 'element-plus/es/components/select/style/css'
import type { PublicProps } from 'vue'

interface SelectProps extends PublicProps {
  modelValue: string | undefined
  'onUpdate:modelValue'?: ((chosen: string | undefined) => void) | undefined
  id?: string
  ariaLabel?: string
  placeholder?: string | undefined
  clearable?: boolean
  valueOnClear?: () => undefined
  filterable?: boolean
  remote?: boolean
  remoteShowSuffix?: boolean
  remoteMethod?: (typed: string) => void
  loading?: boolean
  loadingText?: string
  noDataText?: string
  validateEvent?: boolean
}
interface OptionProps extends PublicProps {
  value: string
  label: string
  disabled?: boolean
}
type Component<Props> = new () => { $props: Props; $slots: { default?: () => unknown } }

// Their types are written for Vue 3.5: under 3.4 a prop is taken for its declaration and nothing fits.
export const ElSelect = TheirSelect as unknown as Component<SelectProps>
export const ElOption = TheirOption as unknown as Component<OptionProps>
