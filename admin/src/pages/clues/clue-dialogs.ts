import { defineAsyncComponent } from 'vue'

// What the first sight does not need comes after it.
const loaders = {
  assign: () => import('./AssignDialog.vue'),
  drawer: () => import('./ClueDrawer.vue'),
  form: () => import('./ClueFormDialog.vue'),
  recall: () => import('./RecallDialog.vue'),
  keys: () => import('./KeysDialog.vue'),
}
export const AssignDialog = defineAsyncComponent(loaders.assign)
export const ClueDrawer = defineAsyncComponent(loaders.drawer)
export const ClueFormDialog = defineAsyncComponent(loaders.form)
export const RecallDialog = defineAsyncComponent(loaders.recall)
export const KeysDialog = defineAsyncComponent(loaders.keys)

/** A dialog must open although the network has gone meanwhile. */
export const loadDialogs = (): void => Object.values(loaders).forEach((load) => void load())
