/** What can be done with one lead. */
export type RowAction = 'assign' | 'open' | 'edit' | 'recall' | 'remove'
