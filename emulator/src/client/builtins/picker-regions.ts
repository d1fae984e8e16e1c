import { regions, type Region } from '../shell/pickers/regions.ts'
import type { PickerColumns } from './picking.ts'

const depths: Record<string, number> = { province: 1, city: 2, region: 3, 'sub-district': 3 }

/** The wheels of `<picker mode="region">`; `customItem` stands above the rows of every column. */
export function regionColumns(
  value: readonly string[],
  { customItem, level }: { customItem: string; level: string },
): PickerColumns {
  const custom: Region[] = customItem ? [{ code: '', name: customItem, within: [] }] : []
  const depth = depths[level] ?? 3

  return at((options, column) => {
    const row = options.findIndex(({ name }) => name === value[column])
    return Math.max(0, row)
  })

  function at(rowOf: (options: Region[], column: number) => number): PickerColumns {
    const columns: Region[][] = []
    const chosen: number[] = []
    let options = [...custom, ...regions()]
    for (let column = 0; column < depth; column += 1) {
      const row = Math.min(options.length - 1, rowOf(options, column))
      columns.push(options)
      chosen.push(Math.max(0, row))
      options = [...custom, ...(options[row]?.within ?? [])]
    }
    const picked = (rows: number[]) =>
      columns.map((column, index) => column[rows[index] ?? 0]).filter((region) => region !== undefined)
    return {
      columns: columns.map((column) => column.map(({ name }) => name)),
      chosen,
      turned(rows) {
        // what lies in another place begins at its first row again
        const first = rows.findIndex((row, column) => row !== chosen[column])
        return at((_, column) => (column <= first || first < 0 ? (rows[column] ?? 0) : 0))
      },
      detail(rows) {
        const places = picked(rows)
        const codes = places.map(({ code }) => code).filter((code) => code !== '')
        return { value: places.map(({ name }) => name), code: codes, postcode: '' }
      },
    }
  }
}
