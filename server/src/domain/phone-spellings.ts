/**
 * A phone number as it may be written elsewhere. `digits` is the same for all spellings of one number; `spellings` are
 * the usual ones, since the database knows a number only as it was typed.
 */
export function phoneSpellings(typed: string): { digits: string; spellings: string[] } {
  const digits = typed.replace(/\D/g, '').replace(/^(?:00)?86(?=1\d{10}$)/, '')
  const mobile = /^(1\d{2})(\d{4})(\d{4})$/.exec(digits)
  const local = mobile ? [digits, mobile.slice(1).join('-'), mobile.slice(1).join(' ')] : [digits]
  const abroad = mobile ? local.flatMap((number) => [`+86${number}`, `+86 ${number}`, `+86-${number}`]) : []
  return { digits, spellings: [...new Set([typed, ...local, ...abroad])] }
}
